import type { JsonObject } from "../api/types";
import { later } from "../words/Later";
import { t } from "../words/words";
import { defineField, type FieldProps } from "./define";
import type { OptionReader } from "./options";
import { type Axis, moved, readAxis, scoreOf, unset, wasTouched } from "./parts/axes";
import type { Picture } from "./parts/drawings/Manikin";
import { Anchors, Buttons } from "./parts/Points";
import { Complaint, Prompt } from "./parts/Prompt";
import { Slider } from "./parts/Slider";

/** Few scales have pictures on their points. */
const Faces = later(() => import("./parts/PicturedPoints").then(({ Faces }) => Faces));
const Manikins = later(() => import("./parts/PicturedPoints").then(({ Manikins }) => Manikins));

const STYLES = ["buttons", "slider", "manikin", "faces"] as const;
const PICTURES = ["valence", "arousal", "dominance"] as const;

interface Dimension extends Axis {
  /** Where a slider's thumb stands at first; null: none is shown. */
  start: number | null;
  picture: Picture;
}

interface ScaleOptions {
  dimensions: readonly Dimension[];
  style: (typeof STYLES)[number];
  /** What the answer is when no slider is moved, where that is one. */
  resting: JsonObject | null;
}

interface RowProps {
  dimension: Dimension;
  style: ScaleOptions["style"];
  group: string;
  value: JsonObject | null;
  onValue(value: number): void;
}

function Row({ dimension, style, group, value, onValue }: RowProps) {
  const shared = { axis: dimension, group, value: scoreOf(value, dimension.key), onValue };
  switch (style) {
    case "slider":
      return (
        <>
          <Slider {...shared} start={dimension.start} touched={wasTouched(value, dimension.key)} />
          <Anchors axis={dimension} />
        </>
      );
    case "manikin":
      return <Manikins {...shared} picture={dimension.picture} />;
    case "faces":
      return <Faces {...shared} />;
    default:
      return <Buttons {...shared} />;
  }
}

/** The number, or the word of a named point, once it was set. */
function told(dimension: Dimension, value: JsonObject | null): string {
  const score = scoreOf(value, dimension.key);
  if (score === null || !wasTouched(value, dimension.key)) return t("not set");
  const index = Math.round((score - dimension.min) / dimension.step);
  return dimension.points[index] ?? String(score);
}

function ScaleView(props: FieldProps & { options: ScaleOptions }) {
  const { question, options, value, complaint, onChange } = props;
  const { dimensions, style, resting } = options;
  return (
    <section className="question">
      <Prompt question={question} />
      {dimensions.map((dimension) => (
        <div key={dimension.key} className="scale-row">
          <div className="scale-name">
            <span dir="auto">{dimension.name}</span>
            <span className="scale-value">{told(dimension, value)}</span>
          </div>
          <Row
            dimension={dimension}
            style={style}
            group={question.key}
            value={value}
            onValue={(next) =>
              onChange(
                style === "slider"
                  ? moved(value, dimension.key, next, resting)
                  : { ...value, [dimension.key]: next },
              )
            }
          />
        </div>
      ))}
      <Complaint text={complaint} />
    </section>
  );
}

function restingOf(reader: OptionReader, dimensions: readonly Dimension[]): JsonObject | null {
  if (reader.text("untouched", "refused") !== "kept") return null;
  const starts = dimensions.map(({ key, start }) => [key, start]);
  return {
    ...Object.fromEntries(starts),
    touched: Object.fromEntries(dimensions.map(({ key }) => [key, false])),
  };
}

export const questionType = defineField<ScaleOptions>({
  type: "scale",
  keys: [
    { keys: "← →", does: t("move the scale that has the focus") },
    { keys: "Enter", does: t("set a slider where it stands") },
  ],
  readOptions(reader) {
    const dimensions = reader.each("dimensions", (one): Dimension => {
      const picture = PICTURES.find((name) => name === one.text("picture", "valence"));
      if (!picture) throw one.wrong("picture", PICTURES.join(", "));
      return { ...readAxis(one), start: one.numberOrNull("start"), picture };
    });
    const style = STYLES.find((one) => one === reader.text("style", "buttons"));
    if (!style) throw reader.wrong("style", STYLES.map((one) => `"${one}"`).join(" or "));
    return { dimensions, style, resting: restingOf(reader, dimensions) };
  },
  problem(value, { dimensions }, question) {
    const left = unset(value, dimensions);
    if (left.length === 0 || (!question.required && left.length === dimensions.length)) return null;
    return t("Please set {names}.", { names: left.join(", ") });
  },
  resting: ({ resting }) => resting,
  View: ScaleView,
});
