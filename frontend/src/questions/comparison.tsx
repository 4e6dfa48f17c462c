import type { Item, JsonObject } from "../api/types";
import { t } from "../words/words";
import { defineField, type FieldProps } from "./define";
import { candidatesOf, orderOf, textIn } from "./parts/candidates";
import { type Tile, Tiles } from "./parts/Tiles";

const TIE = "tie";

interface ComparisonOptions {
  tie: boolean;
  tieLabel: string;
  /** Words for how much more, the weakest first. */
  grades: string[];
}

interface Choice extends Tile {
  value: JsonObject;
}

/** From the strongest preference for the first, over the tie, to the strongest for the second. */
function choicesOf(item: Item, { tie, tieLabel, grades }: ComparisonOptions): Choice[] {
  const order = orderOf(item);
  const sides = candidatesOf(item).map(({ name, label }): Choice[] =>
    grades.length === 0
      ? [{ key: name, name: label, value: { choice: name, order } }]
      : grades.map((grade, index) => ({
          key: `${name} ${index + 1}`,
          name: t("{part}: {grade}", { part: label, grade }),
          value: { choice: name, grade: index + 1, order },
        })),
  );
  const [first = [], second = []] = sides;
  const middle: Choice[] = tie ? [{ key: TIE, name: tieLabel, value: { choice: TIE, order } }] : [];
  return grades.length === 0 ? [...first, ...second, ...middle] : [...first.reverse(), ...middle, ...second];
}

function keyOf(value: JsonObject | null): string | null {
  const choice = textIn(value, "choice");
  return choice && typeof value?.grade === "number" ? `${choice} ${value.grade}` : choice;
}

function ComparisonView(props: FieldProps & { options: ComparisonOptions }) {
  const { question, item, options, value, complaint, primary, onChange } = props;
  const choices = choicesOf(item, options);
  return (
    <Tiles
      question={question}
      tiles={choices}
      chosen={keyOf(value)}
      complaint={complaint}
      primary={primary}
      steps={options.grades.length > 0}
      onChoose={(key) => onChange(choices.find((choice) => choice.key === key)?.value ?? null)}
    />
  );
}

export const questionType = defineField<ComparisonOptions>({
  type: "comparison",
  keys: [{ keys: "1 – 9", does: t("choose an answer") }],
  readOptions: (reader) => ({
    tie: reader.flag("tie", false),
    tieLabel: reader.text("tie_label", t("No difference")),
    grades: reader.texts("grades", []),
  }),
  problem: (value, _options, question) =>
    question.required && textIn(value, "choice") === null ? t("Please choose an answer.") : null,
  View: ComparisonView,
});
