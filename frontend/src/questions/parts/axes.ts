import type { JsonObject } from "../../api/types";
import { isObject, type OptionReader } from "../options";

/** A numbered axis that is answered in steps. */
export interface Axis {
  key: string;
  name: string;
  min: number;
  max: number;
  step: number;
  lowLabel: string;
  highLabel: string;
  /** A word for each point, lowest first; empty: the points are numbers. */
  points: readonly string[];
}

export function readAxis(reader: OptionReader): Axis {
  const axis: Axis = {
    key: reader.text("key"),
    name: reader.text("name"),
    min: reader.number("min"),
    max: reader.number("max"),
    step: reader.number("step"),
    lowLabel: reader.text("low_label", ""),
    highLabel: reader.text("high_label", ""),
    points: reader.texts("points", []),
  };
  if (axis.max <= axis.min) throw reader.wrong("max", "greater than min");
  if (axis.step <= 0) throw reader.wrong("step", "greater than 0");
  return axis;
}

/** All values from the lower to the upper end. */
export const stepsOf = ({ min, max, step }: Pick<Axis, "min" | "max" | "step">): number[] =>
  Array.from({ length: Math.floor((max - min) / step + 1e-9) + 1 }, (_, i) =>
    Number((min + i * step).toFixed(6)),
  );

export const middleOf = (axis: Axis): number => {
  const steps = stepsOf(axis);
  return steps[Math.floor((steps.length - 1) / 2)] ?? axis.min;
};

/** Where a value lies on its axis, 0 to 1. */
export const shareOf = ({ min, max }: Axis, value: number): number => (value - min) / (max - min);

export function scoreOf(value: JsonObject | null, key: string): number | null {
  const found = value?.[key];
  return typeof found === "number" ? found : null;
}

/** Whether the slider of this axis was moved; true where nobody says otherwise. */
export const wasTouched = (value: JsonObject | null, key: string): boolean =>
  !(isObject(value?.touched) && value.touched[key] === false);

/** The answer after one slider was moved; those that may stay where they stand are filled in as untouched. */
export function moved(
  value: JsonObject | null,
  key: string,
  to: number,
  resting: JsonObject | null,
): JsonObject {
  const before = { ...resting, ...value };
  const touched = isObject(before.touched) ? before.touched : {};
  return { ...before, [key]: to, touched: { ...touched, [key]: true } };
}

export const spokenAxis = ({ name, lowLabel, highLabel }: Axis): string =>
  lowLabel || highLabel ? `${name}: ${lowLabel} – ${highLabel}` : name;

/** Names of the axes that have no answer yet. */
export const unset = (value: JsonObject | null, axes: readonly Axis[]): string[] =>
  axes.filter(({ key }) => scoreOf(value, key) === null).map(({ name }) => name);
