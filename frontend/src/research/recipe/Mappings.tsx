import { reasonsAt } from "../data/recipe";
import { Field } from "../parts/Field";
import { Examples } from "./Examples";
import type { PartProps } from "./part";

const KINDS: readonly (readonly [line: string, meaning: string])[] = [
  ["nearest ekman vad taxonomy=ekman6", "the label whose coordinates are nearest to valence and arousal"],
  ["shares soft vad taxonomy=ekman6 spread=0.3", "a share of every label instead; spread says how soft"],
  ["scale 1to9 vad low=1 high=9", "the same numbers on another scale"],
  [
    "ridge fitted emotion target=vad",
    "numbers of another question, learnt from votes or numbers of this one",
  ],
  ["knn near emotion target=vad neighbours=20", "the same by the mean of the nearest items"],
];

export function Mappings({ draft, faults, change }: PartProps) {
  return (
    <>
      <Field
        label="Mappings, one a line"
        hint="kind, name, question; then what the kind asks. The name is the end of its columns' names"
        reasons={reasonsAt(faults, "mappings")}
      >
        {(field) => (
          <textarea
            {...field}
            rows={3}
            value={draft.mappings}
            spellCheck={false}
            onChange={(event) => change({ mappings: event.target.value })}
          />
        )}
      </Field>
      <Examples title="Kinds" lines={KINDS} />
    </>
  );
}
