import type { CSSProperties, KeyboardEvent } from "react";
import { t } from "../../words/words";
import { markedBefore, type Piece, type Span } from "../parts/spans";

/** Per cent of the colour of text behind what all raters marked before. */
const DARKEST = 24;

interface SpanTextProps {
  texts: readonly { speaker: string }[];
  /** Of each text in turn. */
  pieces: readonly (readonly Piece[])[];
  spans: readonly Span[];
  /** What each rater marked before; where more of them did, it is darker. */
  earlier: readonly (readonly Span[])[];
  anchor: number;
  caret: number;
  nameOf(label: string): string;
  hueOf(label: string): number;
  onGo(word: number, extend: boolean): void;
  /** Whether the key did something. */
  onKey(key: string, extend: boolean): boolean;
}

/** A text or the utterances of a dialogue, whose words can be selected with pointer and keys. */
export function SpanText(props: SpanTextProps) {
  const { texts, pieces, spans, earlier, anchor, caret, nameOf, hueOf, onGo, onKey } = props;
  const [first, last] = [Math.min(anchor, caret), Math.max(anchor, caret)];
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (onKey(event.key, event.shiftKey)) event.preventDefault();
  };
  const lookOf = (piece: Piece) => {
    const own = spans.filter(
      (span) => span.part === piece.part && span.start < piece.end && piece.start < span.end,
    );
    const begin = own.filter((span) => span.start === piece.start).map((span) => nameOf(span.label));
    const before = markedBefore(piece, earlier);
    const shade = { "--before": `${Math.round(DARKEST * before.share)}%` } as CSSProperties;
    return {
      className:
        [own.length > 0 && "marked", before.share > 0 && "before"].filter(Boolean).join(" ") || undefined,
      style: before.share > 0 ? shade : undefined,
      "data-before": (piece.isWord && counted(before.begins.map(nameOf))) || undefined,
      "data-hue": own[0] ? hueOf(own[0].label) : undefined,
      "data-told": (piece.isWord && begin.join(", ")) || undefined,
    };
  };
  let place = -1;
  return (
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
            if (!piece.isWord)
              return (
                <span key={piece.start} role="presentation" {...lookOf(piece)}>
                  {piece.text}
                </span>
              );
            place += 1;
            const index = place;
            return (
              <span
                key={piece.start}
                {...lookOf(piece)}
                role="option"
                data-word={index}
                tabIndex={index === caret ? 0 : -1}
                aria-selected={index >= first && index <= last}
                onPointerDown={(event) => {
                  event.preventDefault();
                  onGo(index, event.shiftKey);
                }}
                onPointerEnter={(event) => {
                  if (event.buttons === 1) onGo(index, true);
                }}
              >
                {piece.text}
              </span>
            );
          })}
        </div>
      ))}
    </div>
  );
}

/** `Cause × 2, Effect`. */
function counted(names: readonly string[]): string {
  const times = new Map<string, number>();
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  return [...times].map(([name, n]) => (n > 1 ? `${name} × ${n}` : name)).join(", ");
}
