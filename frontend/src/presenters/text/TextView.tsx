import { useCallback, useEffect, useRef, useState } from "react";
import { t } from "../../words/words";
import type { PresenterProps } from "../define";
import { Missing } from "../parts/Missing";
import { useTimedMedium } from "../parts/useTimedMedium";
import "./text.css";

/** From here on a text is a document: it scrolls in a box of its own, so that the questions stay in sight. */
const LONG_CHARACTERS = 1500;
const SIZES = [0.85, 1, 1.25, 1.5, 2];
const FIRST_SIZE = 1;

/** The part of a document that was in sight at some time; the whole where nothing scrolls. */
const partRead = ({ scrollTop, clientHeight, scrollHeight }: HTMLElement): number =>
  Math.min(1, (scrollTop + clientHeight + 1) / Math.max(1, scrollHeight));

function Document({ text, onView }: { text: string; onView: PresenterProps["onView"] }) {
  const page = useRef<HTMLElement>(null);
  const [size, setSize] = useState(FIRST_SIZE);
  const [at, setAt] = useState(0);
  const [read, setRead] = useState(0);
  const scale = SIZES[size] ?? 1;

  const look = useCallback(() => {
    const node = page.current;
    if (!node) return;
    const part = partRead(node);
    setAt(part);
    setRead((most) => Math.max(most, part));
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: larger letters make the document longer.
  useEffect(look, [look, scale]);
  useEffect(
    () => onView({ read_part: Math.round(read * 100) / 100, font_scale: scale }),
    [onView, read, scale],
  );

  const percent = Math.round(at * 100);
  return (
    <div className="document">
      <section
        ref={page}
        className="reading document-page"
        dir="auto"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long document scrolls, so the keyboard must get there.
        tabIndex={0}
        aria-label={t("The text to rate")}
        style={{ fontSize: `calc(var(--size-l) * ${scale})` }}
        onScroll={look}
      >
        {text}
      </section>
      <div className="document-tools" role="toolbar" aria-label={t("View of the text")}>
        <button
          type="button"
          className="quiet"
          disabled={size === 0}
          onClick={() => setSize((old) => Math.max(0, old - 1))}
        >
          {t("Smaller letters")}
        </button>
        <button
          type="button"
          className="quiet"
          disabled={size === SIZES.length - 1}
          onClick={() => setSize((old) => Math.min(SIZES.length - 1, old + 1))}
        >
          {t("Larger letters")}
        </button>
        <progress max={100} value={percent} aria-label={t("How far the text is scrolled")} />
        <span className="hint">{percent} %</span>
      </div>
    </div>
  );
}

/** Under a continuous question the text passes by at the protocol's reading pace. */
export function TextView({ item, driven, onMedia, onView }: PresenterProps) {
  const text = useRef<HTMLQuoteElement>(null);
  const scroll = useCallback((part: number) => {
    const node = text.current;
    if (node) node.scrollTop = part * (node.scrollHeight - node.clientHeight);
  }, []);
  useTimedMedium(driven ? item.duration_s : null, onMedia, scroll);
  if (!item.text) return <Missing what={t("The text")} />;
  if (!driven && item.text.length >= LONG_CHARACTERS) return <Document text={item.text} onView={onView} />;
  return (
    <blockquote className={driven ? "reading paced" : "reading"} dir="auto" ref={text}>
      {item.text}
    </blockquote>
  );
}
