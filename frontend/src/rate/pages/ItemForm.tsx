import { useEffect, useLayoutEffect, useState } from "react";
import type { Item, JsonObject, Proposal } from "../../api/types";
import { useStore } from "../../base/store";
import type { Medium } from "../../desk/medium";
import type { BoundField } from "../../questions/define";
import { bindQuestion } from "../../questions/registry";
import { later } from "../../words/Later";
import { t } from "../../words/words";
import { reached } from "../branching";
import type { Workbench } from "../workbench";

const Proposed = later(() => import("../reviewing/Proposed").then(({ Proposed }) => Proposed));

/** The marks of everybody before, for a question that draws them. */
const marksIn = (proposal: Proposal | null): JsonObject[] =>
  (proposal?.said ?? []).flatMap(({ value, times }) =>
    value ? Array.from({ length: times }, () => value as JsonObject) : [],
  );

interface FormProps {
  bench: Workbench;
  fields: readonly BoundField[];
  item: Item;
  proposals: readonly Proposal[];
  media: Medium | null;
  played(): JsonObject;
  /** Hears that she tries to send what she may not yet; null: she may. */
  onEarly: (() => void) | null;
}

/** The fields that are asked after these answers; one that has to be answered only now is bound anew. */
function dueOf(
  fields: readonly BoundField[],
  answerTo: (field: BoundField) => JsonObject | null,
): BoundField[] {
  const byKey = new Map(fields.map((field) => [field.question.key, field]));
  const asked = reached(
    fields.map(({ question }) => question),
    (key) => {
      const field = byKey.get(key);
      return field ? answerTo(field) : null;
    },
  );
  return asked.map((question) => {
    const field = byKey.get(question.key) as BoundField;
    return field.question === question ? field : (bindQuestion(question) as BoundField);
  });
}

/** The questions beside the item, all together, and the button that sends the answers. */
export function Form({ bench, fields, item, proposals, media, played, onEarly }: FormProps) {
  const { draft, submitting } = useStore(bench.state);
  const [tried, setTried] = useState(false);

  const answerTo = (field: BoundField): JsonObject | null =>
    draft?.answers[field.question.key]?.value ?? null;
  const due = dueOf(fields, (field) => answerTo(field) ?? field.resting());

  useEffect(() => {
    const asked = new Set(due.map(({ question }) => question.key));
    for (const field of fields) {
      if (asked.has(field.question.key)) bench.shown(field.question);
      // What was said before the question stopped being asked is not kept.
      else if (answerTo(field)) bench.setValue(field.question, null);
    }
  });

  const proposalFor = (field: BoundField) =>
    proposals.find(({ question }) => question === field.question.key) ?? null;
  /** A proposal is no answer until the rater makes it hers. */
  const problemOf = (field: BoundField): string | null =>
    answerTo(field) === null && proposalFor(field)?.value
      ? t("Please confirm the proposal, or change it.")
      : field.problem(answerTo(field) ?? field.resting());
  const send = () => {
    const wrong = due.find((field) => problemOf(field) !== null);
    setTried(true);
    if (onEarly) return onEarly();
    if (wrong) {
      document.getElementById(`prompt-${wrong.question.key}`)?.scrollIntoView({ block: "center" });
      return;
    }
    for (const field of due) {
      const resting = answerTo(field) === null ? field.resting() : null;
      if (resting) bench.setValue(field.question, resting);
    }
    bench.setPlayed(played());
    void bench.submit();
  };

  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <fieldset className="fields" disabled={submitting}>
        {due.map((field, index) => {
          const proposal = proposalFor(field);
          const change = (value: JsonObject | null) => bench.setValue(field.question, value);
          return (
            <div key={field.question.key}>
              {proposal ? <Proposed proposal={proposal} value={answerTo(field)} onTake={change} /> : null}
              {field.render({
                item,
                media,
                value: answerTo(field) ?? ((proposal?.value ?? null) as JsonObject | null),
                earlier: marksIn(proposal),
                complaint: tried ? problemOf(field) : null,
                primary: index === 0,
                onChange: change,
              })}
            </div>
          );
        })}
        <div className="actions send">
          <button type="submit" className="primary">
            {submitting ? t("Sending …") : t("Send and go on")}
          </button>
        </div>
      </fieldset>
    </form>
  );
}
