import { reasonsAt } from "../data/recipe";
import { Field } from "../parts/Field";
import { Line } from "./Line";
import type { PartProps } from "./part";

const PROSE: readonly (readonly [key: string, label: string, hint: string])[] = [
  ["motivation", "Motivation", "why it was made, by whom, with whose money"],
  ["collection_process", "Collection process", "how and when the items were collected, with what consent"],
  ["curation_rationale", "Curation rationale", "which items were chosen, and why"],
  ["language_variety", "Language variety", "beside the tags of the languages"],
  ["speech_situation", "Speech situation", "when and where, spontaneous or acted, to whom"],
  ["text_characteristics", "Text characteristics", "genre, topics"],
  ["sensitive", "Sensitive information", "what could identify or hurt somebody"],
  ["intended_uses", "Intended uses", "what it is for"],
  ["forbidden_uses", "Forbidden uses", "what it must not be used for"],
  ["limitations", "Limits", "known biases and gaps"],
  ["pay", "Pay", "what raters were paid, and how that compares with the minimum wage"],
  ["ethics", "Ethics review", "review board, number of the approval"],
  ["maintenance", "Maintenance", "who keeps it, how to reach them"],
];

export function Prose({ draft, faults, change }: PartProps) {
  const set = (key: string, text: string) => change({ card: { ...draft.card, [key]: text } });
  return (
    <div className="form-grid">
      <Line
        label="Authors"
        hint="with commas between them"
        reasons={reasonsAt(faults, "card.authors")}
        value={draft.card.authors ?? ""}
        onChange={(text) => set("authors", text)}
      />
      <Line
        label="Smallest group that is told of"
        hint="demographics are told in bands of at least so many people; left empty: 5"
        type="number"
        reasons={reasonsAt(faults, "card.smallest_band")}
        value={draft.card.smallest_band ?? ""}
        onChange={(text) => set("smallest_band", text)}
      />
      {PROSE.map(([key, label, hint]) => (
        <Field key={key} label={label} hint={hint} reasons={reasonsAt(faults, `card.${key}`)}>
          {(field) => (
            <textarea
              {...field}
              rows={3}
              value={draft.card[key] ?? ""}
              onChange={(event) => set(key, event.target.value)}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
