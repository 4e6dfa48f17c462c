import { reasonsAt } from "../data/recipe";
import { Field } from "../parts/Field";
import { Examples } from "./Examples";
import type { PartProps } from "./part";

const CHECKS: readonly (readonly [line: string, meaning: string])[] = [
  ["speeding response 0.3", "answers given in less than 0.3 of the median time of the other raters"],
  ["speeding rater 0.5", "raters of whose answers more than half were that hasty"],
  ["longstring rater 0.8", "raters who gave one answer in a row for more than 0.8 of their answers"],
  ["straight_lining rater 0.5", "raters more than half of whose answers are one number on all scales"],
  ["at_bounds rater 0.9", "raters who stay at the ends of the scales; response: such traces"],
  ["flat_line response 0.9", "traces that stand still for more than 0.9 of their length"],
  ["calibration response 0.7", "what raters gave whose calibration correlates below 0.7 with its curve"],
  ["consistency response 0.3", "questionnaires whose even and odd items correlate below 0.3"],
];

export function Quality({ draft, faults, change }: PartProps) {
  return (
    <>
      <Field
        label="Rules, one a line"
        hint="check, response or rater, limit; then question=…, name=…, min_answers=… where needed"
        reasons={reasonsAt(faults, "quality.exclude")}
      >
        {(field) => (
          <textarea
            {...field}
            rows={3}
            value={draft.rules}
            spellCheck={false}
            onChange={(event) => change({ rules: event.target.value })}
          />
        )}
      </Field>
      <Examples title="Checks" lines={CHECKS} />
    </>
  );
}
