import { t } from "../words/words";
import { defineField, type FieldProps } from "./define";
import { AffectSquare } from "./parts/AffectSquare";
import { type Axis, readAxis, scoreOf, unset } from "./parts/axes";
import { Complaint, Prompt, promptId } from "./parts/Prompt";

interface GridOptions {
  across: Axis;
  up: Axis;
  faces: boolean;
  corners: readonly string[];
}

function GridView(props: FieldProps & { options: GridOptions }) {
  const { question, options, value, complaint, onChange } = props;
  const { across, up } = options;
  return (
    <section className="question">
      <Prompt question={question} />
      <AffectSquare
        {...options}
        labelledBy={promptId(question)}
        point={{ across: scoreOf(value, across.key), up: scoreOf(value, up.key) }}
        onPoint={(x, y) => onChange({ [across.key]: x, [up.key]: y })}
      />
      <Complaint text={complaint} />
    </section>
  );
}

export const questionType = defineField<GridOptions>({
  type: "affect_grid",
  keys: [
    { keys: "← → ↑ ↓", does: t("move on the square") },
    { keys: "Space", does: t("choose the place") },
  ],
  readOptions(reader) {
    const [across, up, ...more] = reader.each("dimensions", readAxis);
    if (!across || !up || more.length > 0) throw reader.wrong("dimensions", "two dimensions");
    const edge = reader.text("edge", "words");
    if (edge !== "words" && edge !== "faces") throw reader.wrong("edge", `"words" or "faces"`);
    return { across, up, faces: edge === "faces", corners: reader.texts("corners", []) };
  },
  problem: (value, { across, up }, question) =>
    question.required && unset(value, [across, up]).length > 0
      ? t("Please choose a place on the square.")
      : null,
  View: GridView,
});
