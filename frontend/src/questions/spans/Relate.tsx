import { useState } from "react";
import { t } from "../../words/words";
import { Pick } from "../parts/Pick";
import { type End, linkOf, type Marked, sourceOf, targetOf, withLink } from "../parts/spans";
import type { Relation } from "./options";

interface RelateProps {
  relation: Relation;
  marked: Marked;
  /** The text, or each utterance. */
  texts: readonly { speaker: string; text: string }[];
  nameOf(key: string): string;
  change(next: Marked, what: string): void;
}

/** A span or an utterance that a relation can begin or end at. */
interface Offered {
  key: string;
  name: string;
  end: End;
}

/** Ties spans and utterances together: one from each list. */
export function Relate({ relation, marked, texts, nameOf, change }: RelateProps) {
  const [source, setSource] = useState("");
  const [target, setTarget] = useState("");
  const offered = (labels: readonly string[], turns: boolean): Offered[] => [
    ...marked.spans.flatMap((span, place) =>
      labels.includes(span.label)
        ? [{ key: `span ${place}`, name: `${nameOf(span.label)}: ${span.text}`, end: { span: place } }]
        : [],
    ),
    ...(turns ? texts : []).map(({ speaker, text }, part) => ({
      key: `part ${part}`,
      name: [speaker, text].filter(Boolean).join(": "),
      end: { part },
    })),
  ];
  const from = offered(relation.from, relation.fromTurns);
  const to = offered(relation.to, relation.toTurns);
  if (from.length === 0 || to.length === 0) return null;
  const told = (end: End) => ("span" in end ? marked.spans[end.span]?.text : texts[end.part]?.text) ?? "";
  const tie = () => {
    const one = from.find(({ key }) => key === source)?.end;
    const other = to.find(({ key }) => key === target)?.end;
    if (!one || !other) return;
    change(
      withLink(marked, linkOf(relation.key, one, other)),
      `${told(one)} ${relation.name} ${told(other)}`,
    );
    setSource("");
    setTarget("");
  };
  return (
    <fieldset className="mark-box span-relate">
      <legend>{t("Relation: {name}", { name: relation.name })}</legend>
      <Pick name={t("From")} choices={from} value={source} clearable onPick={setSource} />
      <span className="relation-name">{relation.name}</span>
      <Pick name={t("To")} choices={to} value={target} clearable onPick={setTarget} />
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
            <q dir="auto">{told(sourceOf(link))}</q> {relation.name} <q dir="auto">{told(targetOf(link))}</q>
            <button
              type="button"
              className="quiet"
              aria-label={t("Untie {from} and {to}", {
                from: told(sourceOf(link)),
                to: told(targetOf(link)),
              })}
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
