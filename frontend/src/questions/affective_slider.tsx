import { useState } from "react";
import { t } from "../words/words";
import { defineField, type FieldProps } from "./define";
import { type Axis, moved, readAxis, scoreOf, unset } from "./parts/axes";
import { Face } from "./parts/drawings/Face";
import { Complaint, Prompt } from "./parts/Prompt";
import { Slider } from "./parts/Slider";
import "./parts/affective.css";

interface AffectiveOptions {
  axes: readonly Axis[];
}

const START = 0.5;
const ENDS = {
  valence: [<Face key="low" valence={-1} arousal={0.4} />, <Face key="high" valence={1} arousal={0.5} />],
  arousal: [<Face key="low" valence={0} arousal={0} />, <Face key="high" valence={0.15} arousal={1} />],
} as const;

const orderOf = (value: FieldProps["value"]): string[] =>
  Array.isArray(value?.order) ? value.order.filter((key) => typeof key === "string") : [];

/** Two sliders in random order between pictures; neither ticks, figures nor words are shown. */
function AffectiveView(props: FieldProps & { options: AffectiveOptions }) {
  const { question, options, value, complaint, onChange } = props;
  const [drawn] = useState(() => (Math.random() < 0.5 ? ["valence", "arousal"] : ["arousal", "valence"]));
  // After a reload the sliders stand as they did when the first of them was moved.
  const order = orderOf(value).length > 0 ? orderOf(value) : drawn;
  const axes = order.flatMap((key) => options.axes.filter((axis) => axis.key === key));
  return (
    <section className="question">
      <Prompt question={question} />
      {axes.map((axis) => (
        <div key={axis.key} className="affective">
          <Slider
            axis={axis}
            value={scoreOf(value, axis.key)}
            start={START}
            touched={true}
            ends={axis.key === "arousal" ? ENDS.arousal : ENDS.valence}
            onValue={(next) => onChange({ ...moved(value, axis.key, next, null), order })}
          />
          <svg className="affective-cue" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <path d="M0 0V8L48 4ZM100 0V8L52 4Z" />
          </svg>
        </div>
      ))}
      <Complaint text={complaint} />
    </section>
  );
}

export const questionType = defineField<AffectiveOptions>({
  type: "affective_slider",
  keys: [{ keys: "← →", does: t("move the slider that has the focus") }],
  readOptions: (reader) => ({ axes: reader.each("dimensions", readAxis) }),
  problem(value, { axes }, question) {
    const left = unset(value, axes);
    if (left.length === 0 || (!question.required && value === null)) return null;
    return t("Please move both sliders.");
  },
  View: AffectiveView,
});
