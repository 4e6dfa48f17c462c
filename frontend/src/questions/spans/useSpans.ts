import { type RefObject, useState } from "react";
import type { Item, JsonObject } from "../../api/types";
import { t } from "../../words/words";
import type { FieldProps } from "../define";
import { nameIn } from "../parts/markoptions";
import {
  answerOfMarked,
  type Marked,
  markedOf,
  piecesOf,
  spanBetween,
  textsOf,
  withSpan,
  wordReached,
} from "../parts/spans";
import { useUndo } from "../parts/useUndo";
import type { SpanOptions } from "./options";

export const NOTHING: Marked = { spans: [], relations: [] };

/** The words of an item, which of them are selected, and the spans of an answer. */
export function useSpans(
  options: SpanOptions,
  item: Item,
  section: RefObject<HTMLElement | null>,
  { value, onChange }: Pick<FieldProps, "value" | "onChange">,
) {
  const [anchor, setAnchor] = useState(0);
  const [caret, setCaret] = useState(0);
  const [said, setSaid] = useState("");
  const steps = useUndo<JsonObject | null>(value, onChange);
  const answer = markedOf(value);
  const marked = answer ?? NOTHING;
  const texts = textsOf(item);
  const pieces = texts.map(({ text }, part) => piecesOf(text, part));
  const words = pieces.flat().filter((piece) => piece.isWord);
  const change = (next: Marked, what: string) => {
    steps.change(answerOfMarked(next));
    setSaid(what);
  };
  /** Gives the selected words a label. */
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
    change(next, t("{label}: {words}", { label: nameIn(options.labels, label), words: span.text }));
  };
  /** Selects a word, or all up to it. */
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
  /** Whether the key moves among the words; if so, it has. */
  const press = (key: string, extend: boolean): boolean => {
    const to = wordReached(words, caret, key);
    if (to === null) return false;
    if (to >= 0 || pieces.length === 1) go(to, extend);
    return true;
  };
  return { texts, pieces, anchor, caret, said, steps, answer, marked, change, mark, go, press };
}
