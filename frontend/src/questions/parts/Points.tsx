import type { ReactNode } from "react";
import { type Axis, spokenAxis, stepsOf } from "./axes";
import "./points.css";

export interface PointsProps {
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
export function PointRow({ axis, group, value, onValue, picture, className = "" }: RowProps) {
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
        <PointRow {...props} />
        <Anchors axis={props.axis} />
      </>
    );
  }
  return (
    <div className="points-frame">
      <PointRow {...props} className={isShort(points) ? "named short" : "named"} />
    </div>
  );
}
