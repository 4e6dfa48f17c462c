import { useCallback, useRef } from "react";
import { t } from "../words/words";
import type { Presenter, PresenterProps } from "./define";
import { Missing } from "./parts/Missing";
import { useTimedMedium } from "./parts/useTimedMedium";

/** Under a continuous question the text passes by at the protocol's reading pace. */
function TextView({ item, driven, onMedia }: PresenterProps) {
  const text = useRef<HTMLQuoteElement>(null);
  const scroll = useCallback((part: number) => {
    const node = text.current;
    if (node) node.scrollTop = part * (node.scrollHeight - node.clientHeight);
  }, []);
  useTimedMedium(driven ? item.duration_s : null, onMedia, scroll);
  if (!item.text) return <Missing what={t("The text")} />;
  return (
    <blockquote className={driven ? "reading paced" : "reading"} dir="auto" ref={text}>
      {item.text}
    </blockquote>
  );
}

export const presenter: Presenter = { kind: "text", keys: [], View: TextView };
