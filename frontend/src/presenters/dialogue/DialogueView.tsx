import { useEffect, useRef } from "react";
import type { Utterance } from "../../api/types";
import { t } from "../../words/words";
import type { PresenterProps } from "../define";
import { Missing } from "../parts/Missing";
import "./dialogue.css";

/** The n-th speaker to appear gets the n-th hue, whoever it is. */
function hueOf(speaker: string, context: readonly Utterance[]): number {
  const order = [...new Set(context.map((utterance) => utterance.speaker))];
  return order.indexOf(speaker) % 4;
}

export function DialogueView({ item }: PresenterProps) {
  const target = useRef<HTMLLIElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new item brings a new target into view.
  useEffect(() => {
    const list = target.current?.parentElement;
    if (list && target.current)
      list.scrollTop = target.current.offsetTop - list.offsetTop - list.clientHeight / 2;
  }, [item.id]);

  const context = item.context ?? (item.text ? [{ speaker: "", text: item.text, target: true }] : null);
  if (!context) return <Missing what={t("The dialogue")} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long dialogue scrolls, so the keyboard must get there.
    <ol className="dialogue" tabIndex={0} aria-label={t("The dialogue to rate")}>
      {context.map((utterance, index) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: the order of a dialogue never changes.
          key={index}
          ref={utterance.target ? target : null}
          className={utterance.target ? "utterance target" : "utterance"}
          aria-current={utterance.target}
          data-hue={hueOf(utterance.speaker, context)}
        >
          <span className="speaker">{utterance.speaker}</span>
          <span className="said" dir="auto">
            {utterance.text}
          </span>
          {utterance.target ? <span className="target-mark">{t("Rate this one")}</span> : null}
        </li>
      ))}
    </ol>
  );
}
