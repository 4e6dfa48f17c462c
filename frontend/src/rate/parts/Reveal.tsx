import "./reveal.css";
import { useEffect } from "react";
import { isTyping } from "../../desk/inputs/movers";
import type { KeyHelp } from "../../questions/define";
import { t } from "../../words/words";

export const revealKeys = (): readonly KeyHelp[] => [{ keys: "V", does: t("show what is hidden") }];

/** Stands in place of the questions until the rater wants to see the medium. */
export function Reveal({ onReveal }: { onReveal(): void }) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.code !== "KeyV" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      onReveal();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [onReveal]);
  return (
    <section className="reveal">
      <p>{t("Hidden until you show it.")}</p>
      <button type="button" className="primary" onClick={onReveal}>
        {t("Show it")} <kbd aria-hidden="true">V</kbd>
      </button>
    </section>
  );
}
