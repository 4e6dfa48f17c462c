import type { ReactNode } from "react";
import { type Axis, shareOf, spokenAxis, stepsOf } from "./axes";
import { Face } from "./drawings/Face";
import { Manikin, type Picture } from "./drawings/Manikin";
import "./points.css";

interface PointsProps {
  axis: Axis;
  /** Makes the names of the radio buttons unlike those of other questions. */
  group: string;
  value: number | null;
  onValue(value: number): void;
}

interface RowProps extends PointsProps {
  className?: string;
  /** What stands on a point; left out: its word or number. */
  picture?(value: number, index: number): ReactNode;
}

/** What a screen reader says of a point. */
const spokenPoint = (
  { points, lowLabel, highLabel, min, max }: Axis,
  value: number,
  index: number,
): string => {
  const end = value === min ? lowLabel : value === max ? highLabel : "";
  return points[index] ?? (end ? `${value}, ${end}` : String(value));
};

/** The points of a scale as radio buttons in a row that never mirrors. */
function Row({ axis, group, value, onValue, picture, className = "" }: RowProps) {
  const steps = stepsOf(axis);
  return (
    <div className={`points ${className}`} role="radiogroup" aria-label={spokenAxis(axis)} dir="ltr">
      {steps.map((point, index) => (
        <label key={point} className="point">
          <input
            type="radio"
            name={`${group}.${axis.key}`}
            aria-label={spokenPoint(axis, point, index)}
            checked={value === point}
            onChange={() => onValue(point)}
          />
          <span className="point-face" dir="auto">
            {picture ? picture(point, index) : (axis.points[index] ?? point)}
          </span>
        </label>
      ))}
    </div>
  );
}

export function Anchors({ axis }: { axis: Axis }) {
  return (
    <div className="anchors" aria-hidden="true" dir="ltr">
      <span dir="auto">{axis.lowLabel}</span>
      <span dir="auto">{axis.highLabel}</span>
    </div>
  );
}

const NARROW_PX = 320;
const LETTER_PX = 9;
const PADDING_PX = 20;

/** Whether all words stand beside each other on a phone as well. */
const isShort = (points: readonly string[]): boolean => {
  const longest = Math.max(...points.map((word) => word.length));
  return points.length * (longest * LETTER_PX + PADDING_PX) <= NARROW_PX;
};

/** Points with their numbers and the ends named below, or with a word on each: long ones stack on a phone. */
export function Buttons(props: PointsProps) {
  const { points } = props.axis;
  if (points.length === 0) {
    return (
      <>
        <Row {...props} />
        <Anchors axis={props.axis} />
      </>
    );
  }
  return (
    <div className="points-frame">
      <Row {...props} className={isShort(points) ? "named short" : "named"} />
    </div>
  );
}

export function Faces(props: PointsProps) {
  return (
    <>
      <Row
        {...props}
        className="pictured"
        picture={(point) => <Face valence={2 * shareOf(props.axis, point) - 1} arousal={0.5} />}
      />
      <Anchors axis={props.axis} />
    </>
  );
}

/** Five figures; with nine points, the four between two figures have a dot. */
export function Manikins({ picture, ...props }: PointsProps & { picture: Picture }) {
  const between = stepsOf(props.axis).length === 9;
  return (
    <>
      <Row
        {...props}
        className={between ? "pictured between" : "pictured"}
        picture={(point, index) =>
          between && index % 2 === 1 ? (
            <span className="point-dot" />
          ) : (
            <Manikin picture={picture} share={shareOf(props.axis, point)} />
          )
        }
      />
      <Anchors axis={props.axis} />
    </>
  );
}
