import type { JsonObject } from "../api/types";
import { defineField, type FieldProps } from "./define";
import { Complaint, Prompt } from "./parts/Prompt";

interface Dimension {
  key: string;
  name: string;
  min: number;
  max: number;
  step: number;
  lowLabel: string;
  highLabel: string;
}

interface ScaleOptions {
  dimensions: Dimension[];
  style: "slider" | "buttons";
}

interface RowProps {
  dimension: Dimension;
  group: string;
  value: number | null;
  onValue(value: number): void;
}

function scoreOf(value: JsonObject | null, key: string): number | null {
  const found = value?.[key];
  return typeof found === "number" ? found : null;
}

const stepsOf = ({ min, max, step }: Dimension): number[] =>
  Array.from({ length: Math.floor((max - min) / step + 1e-9) + 1 }, (_, i) =>
    Number((min + i * step).toFixed(6)),
  );

const middleOf = (dimension: Dimension): number => {
  const steps = stepsOf(dimension);
  return steps[Math.floor((steps.length - 1) / 2)] ?? dimension.min;
};

function Anchors({ dimension }: { dimension: Dimension }) {
  return (
    <div className="anchors" aria-hidden="true">
      <span>{dimension.lowLabel}</span>
      <span>{dimension.highLabel}</span>
    </div>
  );
}

const spoken = ({ name, lowLabel, highLabel }: Dimension): string =>
  `${name}, from ${lowLabel} to ${highLabel}`;

/** No thumb is shown before the rater has set one, so a value left alone is never an answer. */
function Slider({ dimension, value, onValue }: RowProps) {
  const touched = value !== null;
  return (
    <>
      <input
        type="range"
        className={touched ? "slider" : "slider untouched"}
        min={dimension.min}
        max={dimension.max}
        step={dimension.step}
        value={value ?? middleOf(dimension)}
        aria-label={spoken(dimension)}
        aria-valuetext={touched ? String(value) : "not set yet"}
        onChange={(event) => onValue(event.target.valueAsNumber)}
        onPointerUp={(event) => onValue(event.currentTarget.valueAsNumber)}
      />
      <Anchors dimension={dimension} />
    </>
  );
}

function Buttons({ dimension, group, value, onValue }: RowProps) {
  return (
    <>
      <div className="points" role="radiogroup" aria-label={spoken(dimension)}>
        {stepsOf(dimension).map((point) => (
          <label key={point} className="point">
            <input
              type="radio"
              name={`${group}.${dimension.key}`}
              checked={value === point}
              onChange={() => onValue(point)}
            />
            <span>{point}</span>
          </label>
        ))}
      </div>
      <Anchors dimension={dimension} />
    </>
  );
}

function ScaleView({
  question,
  options,
  value,
  complaint,
  onChange,
}: FieldProps & { options: ScaleOptions }) {
  const Row = options.style === "slider" ? Slider : Buttons;
  return (
    <section className="question">
      <Prompt question={question} />
      {options.dimensions.map((dimension) => {
        const current = scoreOf(value, dimension.key);
        return (
          <div key={dimension.key} className="scale-row">
            <div className="scale-name">
              <span>{dimension.name}</span>
              <span className="scale-value">{current ?? "not set"}</span>
            </div>
            <Row
              dimension={dimension}
              group={question.key}
              value={current}
              onValue={(next) => onChange({ ...value, [dimension.key]: next })}
            />
          </div>
        );
      })}
      <Complaint text={complaint} />
    </section>
  );
}

export const questionType = defineField<ScaleOptions>({
  type: "scale",
  keys: [{ keys: "← →", does: "move the scale that has the focus" }],
  readOptions(reader) {
    const dimensions = reader.each("dimensions", (one) => {
      const dimension: Dimension = {
        key: one.text("key"),
        name: one.text("name"),
        min: one.number("min"),
        max: one.number("max"),
        step: one.number("step"),
        lowLabel: one.text("low_label", ""),
        highLabel: one.text("high_label", ""),
      };
      if (dimension.max <= dimension.min) throw one.wrong("max", "greater than min");
      if (dimension.step <= 0) throw one.wrong("step", "greater than 0");
      return dimension;
    });
    const style = reader.text("style", "slider");
    if (style !== "slider" && style !== "buttons") throw reader.wrong("style", `"slider" or "buttons"`);
    return { dimensions, style };
  },
  problem(value, { dimensions }, question) {
    const unset = dimensions.filter((dimension) => scoreOf(value, dimension.key) === null);
    if (unset.length === 0 || (!question.required && unset.length === dimensions.length)) return null;
    return `Please set ${unset.map((dimension) => dimension.name).join(", ")}.`;
  },
  View: ScaleView,
});
