/** The range of one dimension of a trace, in the units of the question. */
export interface Range {
  min: number;
  max: number;
}

export const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));

export const fraction = (value: number, range: Range): number =>
  (value - range.min) / (range.max - range.min);

/** The value at a part of a length, held at its ends. A range whose `min` is above its `max` runs the other way. */
export const valueAt = (part: number, range: Range): number =>
  range.min + clamp(part, 0, 1) * (range.max - range.min);

/** Horizontal place of a value as a part of the width, 0 at the left. */
export const valueToX = (value: number, range: Range): number => fraction(value, range);

/** Vertical place of a value as a part of the height, 0 at the top. */
export const valueToY = (value: number, range: Range): number => 1 - fraction(value, range);

/** Moves `value` by parts of the range (1 = from end to end), held at the edges. */
export function moveBy(value: number, part: number, range: Range): number {
  return valueAt(fraction(value, range) + part, range);
}
