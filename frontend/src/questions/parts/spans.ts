import type { Item, JsonObject } from "../../api/types";
import { isObject } from "../options";
import type { Overlap } from "./timeline";

/** A word of a text; places are code points, as the server counts them. */
export interface Word {
  part: number;
  text: string;
  start: number;
  end: number;
}

export interface Span extends Word {
  label: string;
}

/** From a span, by its place in the list, or from a whole utterance (`_part`), to another one. */
export interface Link {
  relation: string;
  source?: number;
  source_part?: number;
  target?: number;
  target_part?: number;
}

/** One end of a relation. */
export type End = { span: number } | { part: number };

export const sourceOf = ({ source, source_part = 0 }: Link): End =>
  source === undefined ? { part: source_part } : { span: source };

export const targetOf = ({ target, target_part = 0 }: Link): End =>
  target === undefined ? { part: target_part } : { span: target };

export const linkOf = (relation: string, from: End, to: End): Link => ({
  relation,
  ...("span" in from ? { source: from.span } : { source_part: from.part }),
  ...("span" in to ? { target: to.span } : { target_part: to.part }),
});

const same = (one: End, other: End): boolean =>
  "span" in one ? "span" in other && one.span === other.span : "part" in other && one.part === other.part;

export interface Marked {
  spans: Span[];
  relations: Link[];
}

/** The texts of an item that spans can be in, with who speaks. */
export function textsOf(item: Item): { speaker: string; text: string }[] {
  if (item.context && item.context.length > 0)
    return item.context.map(({ speaker, text }) => ({ speaker, text }));
  return item.text ? [{ speaker: "", text: item.text }] : [];
}

const codePoints = (text: string): number => [...text].length;

/** A word, or what stands between two. */
export interface Piece extends Word {
  isWord: boolean;
}

/** Pieces of a text in order, those between the words too. */
export function piecesOf(text: string, part: number): Piece[] {
  const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });
  const pieces: Piece[] = [];
  let start = 0;
  for (const { segment, isWordLike } of segmenter.segment(text)) {
    const end = start + codePoints(segment);
    pieces.push({ part, text: segment, start, end, isWord: isWordLike === true });
    start = end;
  }
  return pieces;
}

const LINE_WORDS = 8;

/**
 * The place among `words` that a key leads to from `caret`, perhaps beyond their ends; null: it leads nowhere.
 * Up and down go by parts where there are several, else by about a line; -1: there is no such part.
 */
export function wordReached(words: readonly Word[], caret: number, key: string): number | null {
  const here = words[caret]?.part ?? 0;
  const starts = (part: number) => words.findIndex((word) => word.part === part);
  const several = words.some((word) => word.part !== here);
  const line = (way: number) => (several ? starts(here + way) : caret + way * LINE_WORDS);
  const places: Readonly<Record<string, number>> = {
    ArrowRight: caret + 1,
    ArrowLeft: caret - 1,
    ArrowDown: line(1),
    ArrowUp: line(-1),
    Home: starts(here),
    End: words.findLastIndex((word) => word.part === here),
  };
  return places[key] ?? null;
}

/** From one word to another of the same part, with all between them. */
export function spanBetween(texts: readonly { text: string }[], one: Word, other: Word, label: string): Span {
  const start = Math.min(one.start, other.start);
  const end = Math.max(one.end, other.end);
  const text = [...(texts[one.part]?.text ?? "")].slice(start, end).join("");
  return { part: one.part, label, start, end, text };
}

export type SpanChange = Marked | { refusal: "overlap" | "many" };

/** With one span more; the places of the others stay, so that relations do. */
export function withSpan(marked: Marked, span: Span, overlap: Overlap, most: number | null): SpanChange {
  if (most !== null && marked.spans.length >= most) return { refusal: "many" };
  const meets = (other: Span) =>
    other.part === span.part &&
    other.start < span.end &&
    span.start < other.end &&
    (overlap === "none" || other.label === span.label);
  if (overlap !== "any" && marked.spans.some(meets)) return { refusal: "overlap" };
  return { ...marked, spans: [...marked.spans, span] };
}

/** Without a span, and without the relations that it had. */
export function withoutSpan({ spans, relations }: Marked, gone: number): Marked {
  const moved = (end: End): End => ("span" in end && end.span > gone ? { span: end.span - 1 } : end);
  return {
    spans: spans.filter((_, index) => index !== gone),
    relations: relations
      .filter(({ source, target }) => source !== gone && target !== gone)
      .map((link) => linkOf(link.relation, moved(sourceOf(link)), moved(targetOf(link)))),
  };
}

/** With one relation more, unless it is there already. */
export function withLink(marked: Marked, link: Link): Marked {
  const [from, to] = [sourceOf(link), targetOf(link)];
  const there = (other: Link) =>
    other.relation === link.relation && same(sourceOf(other), from) && same(targetOf(other), to);
  if (same(from, to) || marked.relations.some(there)) return marked;
  return { ...marked, relations: [...marked.relations, link] };
}

/** What an answer marks; null: there is none yet. */
export function markedOf(value: JsonObject | null): Marked | null {
  if (!Array.isArray(value?.spans)) return null;
  const links = Array.isArray(value.relations) ? value.relations : [];
  return {
    spans: value.spans.filter(isObject) as unknown as Span[],
    relations: links.filter(isObject) as unknown as Link[],
  };
}

export const answerOfMarked = ({ spans, relations }: Marked): JsonObject => ({
  spans: spans.map(({ label, part, start, end, text }) => ({ label, part, start, end, text })),
  ...(relations.length > 0 ? { relations: relations.map((link) => ({ ...link })) } : {}),
});

/** What raters marked of a piece before. */
export interface Before {
  /** By which share of them it was marked, 0 to 1. */
  share: number;
  /** The label of each span that begins with it, one for each rater. */
  begins: string[];
}

export function markedBefore({ part, start, end }: Word, earlier: readonly (readonly Span[])[]): Before {
  const covers = (span: Span) => span.part === part && span.start < end && start < span.end;
  const times = earlier.filter((spans) => spans.some(covers)).length;
  const begins = earlier
    .flat()
    .filter((span) => span.part === part && start <= span.start && span.start < end);
  return { share: times === 0 ? 0 : times / earlier.length, begins: begins.map(({ label }) => label) };
}
