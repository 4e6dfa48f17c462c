import { useState } from "react";
import { t } from "../../words/words";
import { Pick } from "../parts/Pick";
import { type Marked, withLink } from "../parts/spans";
import type { Relation } from "./options";

interface RelateProps {
  relation: Relation;
  marked: Marked;
  nameOf(key: string): string;
  change(next: Marked, what: string): void;
}

/** Ties spans together: one from each list. */
export function Relate({ relation, marked, nameOf, change }: RelateProps) {
  const [source, setSource] = useState("");
  const [target, setTarget] = useState("");
  const offered = (labels: readonly string[]) =>
    marked.spans.flatMap((span, index) =>
      labels.includes(span.label)
        ? [{ key: String(index), name: `${nameOf(span.label)}: ${span.text}` }]
        : [],
    );
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
