/** The range of one dimension of a trace, in the units of the question. */
export interface Range {
  min: number;
  max: number;
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));

const fraction = (value: number, range: Range): number => (value - range.min) / (range.max - range.min);

const within = (range: Range, part: number): number =>
  range.min + clamp(part, 0, 1) * (range.max - range.min);

/** Writes the value under a pointer into `out`: x to the right, y upward, held at the edges outside the box. */
export function pointerToValue(
  clientX: number,
  clientY: number,
  box: Box,
  x: Range,
  y: Range,
  out: Float64Array,
): void {
  out[0] = within(x, (clientX - box.left) / box.width);
  out[1] = within(y, 1 - (clientY - box.top) / box.height);
}

/** Horizontal place of a value as a part of the width, 0 at the left. */
export const valueToX = (value: number, range: Range): number => fraction(value, range);

/** Vertical place of a value as a part of the height, 0 at the top. */
export const valueToY = (value: number, range: Range): number => 1 - fraction(value, range);

/** Moves `value` by parts of the range (1 = from end to end), held at the edges. */
export function moveBy(value: number, part: number, range: Range): number {
  return clamp(value + part * (range.max - range.min), range.min, range.max);
}
