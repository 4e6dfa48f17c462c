import { type KeyboardEvent, useRef, useState } from "react";
import type { JsonObject } from "../api/types";
import { t } from "../words/words";
import { defineField, type FieldProps } from "./define";
import { Complaint, Prompt, promptId } from "./parts/Prompt";
import {
  answerOfMarked,
  type Marked,
  markedOf,
  piecesOf,
  type Span,
  spanBetween,
  textsOf,
  type Word,
  withLink,
  withoutSpan,
  withSpan,
} from "./parts/spans";
import type { Overlap } from "./parts/timeline";
import { useKeys } from "./parts/useKeys";
import { useUndo } from "./parts/useUndo";
import "./segments.css";
import "./spans.css";

interface Named {
  key: string;
  name: string;
}

interface Relation extends Named {
  from: string[];
  to: string[];
}

interface SpanOptions {
  labels: Named[];
  relations: Relation[];
  overlap: Overlap;
  most: number | null;
}

const NOTHING: Marked = { spans: [], relations: [] };
const HUES = 6;

function SpansView({
  question,
  options,
  item,
  value,
  complaint,
  onChange,
}: FieldProps & { options: SpanOptions }) {
  const section = useRef<HTMLElement>(null);
  const [anchor, setAnchor] = useState(0);
  const [caret, setCaret] = useState(0);
  const [said, setSaid] = useState("");
  const undoing = useUndo<JsonObject | null>(value, onChange);
  const answer = markedOf(value);
  const marked = answer ?? NOTHING;
  const texts = textsOf(item);
  const pieces = texts.map(({ text }, part) => piecesOf(text, part));
  const words = pieces.flat().filter((piece) => piece.isWord);
  const nameOf = (key: string) => options.labels.find((one) => one.key === key)?.name ?? key;
  const hueOf = (key: string) => options.labels.findIndex((one) => one.key === key) % HUES;
  const change = (next: Marked, what: string) => {
    undoing.change(answerOfMarked(next));
    setSaid(what);
  };

  const mark = (label: string) => {
    const [one, other] = [words[anchor], words[caret]];
    if (!one || !other) return;
    const span = spanBetween(texts, one, other, label);
    const next = withSpan(marked, span, options.overlap, options.most);
    if ("refusal" in next) {
      setSaid(
        next.refusal === "many"
          ? t("No more can be marked here.")
          : t("This would overlap another one, which is not allowed here."),
      );
      return;
    }
    change(next, t("{label}: {words}", { label: nameOf(label), words: span.text }));
  };
  const go = (to: number, extend: boolean) => {
    const target = words[Math.min(Math.max(to, 0), words.length - 1)];
    if (!target) return;
    // A span stays within its part.
    if (extend && target.part !== words[anchor]?.part) return;
    const place = words.indexOf(target);
    setCaret(place);
    if (!extend) setAnchor(place);
    section.current?.querySelector<HTMLElement>(`[data-word="${place}"]`)?.focus();
  };
  const partStart = (part: number) => words.findIndex((word) => word.part === part);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const here = words[caret]?.part ?? 0;
    const places: Readonly<Record<string, number>> = {
      ArrowRight: caret + 1,
      ArrowLeft: caret - 1,
      ArrowDown: pieces.length > 1 ? partStart(here + 1) : caret + 8,
      ArrowUp: pieces.length > 1 ? partStart(here - 1) : caret - 8,
      Home: partStart(here),
      End: words.findLastIndex((word) => word.part === here),
    };
    const to = places[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (to >= 0 || pieces.length === 1) go(to, event.shiftKey);
  };

  useKeys(section, {
    ...Object.fromEntries(
      options.labels.slice(0, 9).map((label, index) => [String(index + 1), () => mark(label.key)]),
    ),
    "mod+z": undoing.undo,
    "mod+y": undoing.redo,
    "mod+shift+z": undoing.redo,
  });

  const [first, last] = [Math.min(anchor, caret), Math.max(anchor, caret)];
  const spansAt = (word: Word) =>
    marked.spans.filter((span) => span.part === word.part && span.start < word.end && word.start < span.end);
  let place = -1;
  return (
    <section className="question spans" ref={section} aria-labelledby={promptId(question)}>
      <Prompt question={question} />
      <div
        className="span-text"
        role="listbox"
        aria-multiselectable
        aria-label={t("Words of the text")}
        tabIndex={-1}
        onKeyDown={onKeyDown}
      >
        {pieces.map((own, part) => (
          // biome-ignore lint/a11y/useSemanticElements: options of a list box are in groups, not in field sets.
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: the order of a text's parts never changes.
            key={part}
            role="group"
            className="span-part"
            dir="auto"
            aria-label={texts[part]?.speaker || t("Text")}
          >
            {texts[part]?.speaker ? (
              <span className="span-speaker" aria-hidden="true">
                {texts[part].speaker}
              </span>
            ) : null}
            {own.map((piece) => {
              const spans = spansAt(piece);
              const told = spans
                .filter((span) => span.start === piece.start)
                .map((span) => nameOf(span.label))
                .join(", ");
              const shared = {
                className: spans.length > 0 ? "marked" : undefined,
                "data-hue": spans[0] ? hueOf(spans[0].label) : undefined,
              };
              if (!piece.isWord)
                return (
                  <span key={piece.start} role="presentation" {...shared}>
                    {piece.text}
                  </span>
                );
              place += 1;
              const index = place;
              return (
                <span
                  key={piece.start}
                  {...shared}
                  role="option"
                  data-word={index}
                  data-told={told || undefined}
                  tabIndex={index === caret ? 0 : -1}
                  aria-selected={index >= first && index <= last}
                  onPointerDown={(event) => {
                    event.preventDefault();
                    go(index, event.shiftKey);
                  }}
                  onPointerEnter={(event) => {
                    if (event.buttons === 1) go(index, true);
                  }}
                >
                  {piece.text}
                </span>
              );
            })}
          </div>
        ))}
      </div>
      <div className="segment-tools">
        {options.labels.map((label, index) => (
          <button
            key={label.key}
            type="button"
            className="span-label"
            data-hue={hueOf(label.key)}
            onClick={() => mark(label.key)}
          >
            {label.name} {index < 9 ? <kbd aria-hidden="true">{index + 1}</kbd> : null}
          </button>
        ))}
        <button type="button" className="quiet" disabled={!undoing.undo} onClick={() => undoing.undo?.()}>
          {t("Undo")}
        </button>
        <button type="button" className="quiet" disabled={!undoing.redo} onClick={() => undoing.redo?.()}>
          {t("Redo")}
        </button>
        <button
          type="button"
          className="quiet"
          disabled={answer !== null}
          onClick={() => change(NOTHING, "")}
        >
          {t("There is nothing to mark")}
        </button>
      </div>
      <p className="hint" role="status">
        {answer?.spans.length === 0 ? t("Nothing is marked, and that is your answer.") : said}
      </p>
      {marked.spans.length > 0 ? (
        <ol className="mark-list" aria-label={t("What you have marked")}>
          {marked.spans.map((span, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: relations name spans by their place in the list.
            <li key={index}>
              <span>
                <b>{nameOf(span.label)}</b> <q dir="auto">{span.text}</q>
              </span>
              <button
                type="button"
                className="quiet"
                aria-label={t("Remove {words}", { words: span.text })}
                onClick={() => change(withoutSpan(marked, index), t("Deleted."))}
              >
                {t("Remove")}
              </button>
            </li>
          ))}
        </ol>
      ) : null}
      {options.relations.map((relation) => (
        <Relate key={relation.key} {...{ relation, marked, nameOf, change }} />
      ))}
      <Complaint text={complaint} />
    </section>
  );
}

interface RelateProps {
  relation: Relation;
  marked: Marked;
  nameOf(key: string): string;
  change(next: Marked, what: string): void;
}

/** Ties spans together: one from each list. */
function Relate({ relation, marked, nameOf, change }: RelateProps) {
  const [source, setSource] = useState("");
  const [target, setTarget] = useState("");
  const offered = (labels: readonly string[]) =>
    marked.spans.flatMap((span, index) => (labels.includes(span.label) ? [{ span, index }] : []));
  const [from, to] = [offered(relation.from), offered(relation.to)];
  if (from.length === 0 || to.length === 0) return null;
  const told = (index: number) => marked.spans[index]?.text ?? "";
  const tie = () => {
    const [one, other] = [Number(source), Number(target)];
    if (source === "" || target === "" || !marked.spans[one] || !marked.spans[other]) return;
    change(
      withLink(marked, { relation: relation.key, source: one, target: other }),
      `${told(one)} ${relation.name} ${told(other)}`,
    );
    setSource("");
    setTarget("");
  };
  return (
    <fieldset className="segment-editor span-relate">
      <legend>{t("Relation: {name}", { name: relation.name })}</legend>
      <Spot name={t("From")} {...{ nameOf }} value={source} spans={from} onPick={setSource} />
      <span className="relation-name">{relation.name}</span>
      <Spot name={t("To")} {...{ nameOf }} value={target} spans={to} onPick={setTarget} />
      <button type="button" onClick={tie}>
        {t("Tie")}
      </button>
      {marked.relations.map((link, index) =>
        link.relation === relation.key ? (
          <p
            // biome-ignore lint/suspicious/noArrayIndexKey: a relation has no name but its place in the list.
            key={index}
            className="span-tied"
          >
            <q dir="auto">{told(link.source)}</q> {relation.name} <q dir="auto">{told(link.target)}</q>
            <button
              type="button"
              className="quiet"
              aria-label={t("Untie {from} and {to}", { from: told(link.source), to: told(link.target) })}
              onClick={() =>
                change(
                  { ...marked, relations: marked.relations.filter((_, other) => other !== index) },
                  t("Deleted."),
                )
              }
            >
              {t("Untie")}
            </button>
          </p>
        ) : null,
      )}
    </fieldset>
  );
}

interface SpotProps {
  name: string;
  value: string;
  spans: readonly { span: Span; index: number }[];
  nameOf(key: string): string;
  onPick(index: string): void;
}

function Spot({ name, value, spans, nameOf, onPick }: SpotProps) {
  return (
    <label className="pick">
      <span>{name}</span>
      <select value={value} onChange={(event) => onPick(event.target.value)}>
        <option value="">{t("choose")}</option>
        {spans.map(({ span, index }) => (
          <option key={index} value={index}>{`${nameOf(span.label)}: ${span.text}`}</option>
        ))}
      </select>
    </label>
  );
}

const NOT_LIMITED = -1;

export const questionType = defineField<SpanOptions>({
  type: "spans",
  keys: [
    { keys: "← →", does: "move by words" },
    { keys: "Shift+← →", does: "take in more or fewer words" },
    { keys: "↑ ↓", does: "move by utterances, or by lines" },
    { keys: "1 – 9", does: "give the words a label" },
    { keys: "Ctrl+Z, Ctrl+Y", does: "undo, redo" },
  ],
  readOptions(reader) {
    const named = (one: typeof reader): Named => ({ key: one.text("key"), name: one.text("name") });
    const labels = reader.each("labels", named);
    if (labels.length === 0) throw reader.wrong("labels", "a list with at least one label");
    const overlap = reader.text("overlap", "none");
    if (overlap !== "none" && overlap !== "labels" && overlap !== "any") {
      throw reader.wrong("overlap", `"none", "labels" or "any"`);
    }
    const most = reader.number("max_spans", NOT_LIMITED);
    const relations = reader.each(
      "relations",
      (one) => ({ ...named(one), from: one.texts("from_labels"), to: one.texts("to_labels") }),
      [],
    );
    return { labels, relations, overlap, most: most > 0 ? most : null };
  },
  problem: (value, _options, question) =>
    question.required && markedOf(value) === null
      ? t("Please mark what there is, or say that there is nothing to mark.")
      : null,
  View: SpansView,
});
