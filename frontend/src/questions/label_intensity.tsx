import type { JsonObject } from "../api/types";
import { later } from "../words/Later";
import { t } from "../words/words";
import { defineField, type FieldProps } from "./define";
import { isObject } from "./options";
import { type Axis, stepsOf } from "./parts/axes";
import { LabelTiles } from "./parts/LabelTiles";
import { type Label, readLabels } from "./parts/labels";
import { Anchors, Buttons } from "./parts/Points";
import { Complaint, Prompt, promptId } from "./parts/Prompt";
import { Slider } from "./parts/Slider";

/** Few scales are shown as a wheel. */
const IntensityWheel = later(() =>
  import("./parts/IntensityWheel").then(({ IntensityWheel }) => IntensityWheel),
);

const LAYOUTS = ["rows", "wheel"] as const;
const MOST_BUTTONS = 11;

interface IntensityOptions {
  labels: readonly Label[];
  escapes: readonly Label[];
  /** The levels, alike for all labels. */
  levels: Axis;
  layout: (typeof LAYOUTS)[number];
  /** Every label must be given a level; else one that is left out counts as the lowest. */
  complete: boolean;
  most: number;
}

type Levels = { [label: string]: number };

function levelsOf(value: JsonObject | null): Levels {
  const levels = isObject(value?.levels) ? value.levels : {};
  return Object.fromEntries(
    Object.entries(levels).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}

function Rows({ group, options, levels, onLevel }: RowsProps) {
  const many = stepsOf(options.levels).length > MOST_BUTTONS;
  return options.labels.map((label) => {
    const axis = { ...options.levels, key: label.key, name: label.name };
    const value = levels[label.key] ?? null;
    const shared = { axis, value, onValue: (to: number) => onLevel(label.key, to) };
    return (
      <div key={label.key} className="scale-row">
        <div className="scale-name">
          <span dir="auto">
            {label.name}
            {label.definition ? <span className="tile-definition"> {label.definition}</span> : null}
          </span>
          <span className="scale-value">{many ? (value ?? t("not set")) : null}</span>
        </div>
        {many ? (
          <>
            <Slider {...shared} start={null} touched={true} />
            <Anchors axis={axis} />
          </>
        ) : (
          <Buttons {...shared} group={group} />
        )}
      </div>
    );
  });
}

interface RowsProps {
  group: string;
  options: IntensityOptions;
  levels: Levels;
  onLevel(label: string, level: number): void;
}

function IntensityView(props: FieldProps & { options: IntensityOptions }) {
  const { question, options, value, complaint, onChange } = props;
  const { labels, escapes, most, layout } = options;
  const levels = levelsOf(value);
  const given = Object.keys(levels).length;
  const set = (to: Levels) => onChange(Object.keys(to).length > 0 ? { levels: to } : null);
  const onLevel = (label: string, level: number) => {
    if (label in levels || given < most) set({ ...levels, [label]: level });
  };
  const onClear = (label: string) =>
    set(Object.fromEntries(Object.entries(levels).filter(([key]) => key !== label)));

  return (
    <section className="question">
      <Prompt question={question} />
      {most < labels.length ? (
        <p className="hint">{t("Choose at most {most}; {taken} chosen.", { most, taken: given })}</p>
      ) : null}
      <fieldset aria-labelledby={promptId(question)}>
        {layout === "wheel" ? (
          <IntensityWheel
            labels={labels}
            axis={options.levels}
            levels={levels}
            labelledBy={promptId(question)}
            onLevel={onLevel}
            onClear={onClear}
          />
        ) : (
          <Rows group={question.key} options={options} levels={levels} onLevel={onLevel} />
        )}
        {escapes.length > 0 ? (
          <LabelTiles
            labels={escapes}
            name={question.key}
            multiple={false}
            chosen={typeof value?.escape === "string" ? [value.escape] : []}
            firstKey={0}
            className="escape"
            onTake={(key) => onChange({ escape: key })}
          />
        ) : null}
      </fieldset>
      <Complaint text={complaint} />
    </section>
  );
}

export const questionType = defineField<IntensityOptions>({
  type: "label_intensity",
  keys: [
    { keys: "← →", does: t("move between levels, or around the wheel") },
    { keys: "↑ ↓", does: t("go outward or inward on the wheel") },
    { keys: "Space", does: t("choose on the wheel, or take back") },
  ],
  readOptions(reader) {
    const offer = readLabels(reader);
    const names = reader.texts("level_names", []);
    const levels: Axis = {
      key: "",
      name: "",
      min: reader.number("min", 0),
      max: reader.number("max", 3),
      step: reader.number("step", 1),
      lowLabel: names[0] ?? "",
      highLabel: names.at(-1) ?? "",
      points: names,
    };
    const layout = LAYOUTS.find((one) => one === reader.text("layout", "rows"));
    if (!layout) throw reader.wrong("layout", LAYOUTS.map((one) => `"${one}"`).join(" or "));
    return {
      ...offer,
      levels,
      layout,
      complete: reader.flag("complete", true),
      most: reader.number("max_labels", offer.labels.length),
    };
  },
  problem(value, { labels, complete }, question) {
    if (typeof value?.escape === "string") return null;
    const levels = levelsOf(value);
    if (Object.keys(levels).length === 0 && !question.required) return null;
    if (!complete) return Object.keys(levels).length > 0 ? null : t("Please choose an answer.");
    const left = labels.filter(({ key }) => !(key in levels)).map(({ name }) => name);
    return left.length === 0 ? null : t("Please set {names}.", { names: left.join(", ") });
  },
  View: IntensityView,
});
