/** Series of equal steps, with null where there is no value. All pure. */

export type Series = readonly (number | null)[];

/** One stroke of a line: x and y alternate. */
export type Stroke = number[];

export interface Frame {
  /** Sample index at the left and at the right edge. */
  first: number;
  last: number;
  /** Pixels. */
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Values at the bottom and at the top. */
  low: number;
  high: number;
}

export const xOf = (frame: Frame, index: number): number =>
  frame.left + ((index - frame.first) / Math.max(1, frame.last - frame.first)) * (frame.right - frame.left);

export const yOf = (frame: Frame, value: number): number =>
  frame.bottom - ((value - frame.low) / (frame.high - frame.low)) * (frame.bottom - frame.top);

/** Lowest and highest value of a run of samples, in the order in which they come. */
function extremes(values: Series, from: number, until: number): [number, number] | null {
  let lowAt = -1;
  let highAt = -1;
  for (let i = from; i < until; i++) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    if (lowAt < 0 || value < (values[lowAt] as number)) lowAt = i;
    if (highAt < 0 || value > (values[highAt] as number)) highAt = i;
  }
  if (lowAt < 0) return null;
  return lowAt <= highAt ? [lowAt, highAt] : [highAt, lowAt];
}

/**
 * The strokes of a line through its values, broken where there are none. With more than two samples per
 * pixel only each pixel's lowest and highest are kept: what is seen stays the same.
 */
export function strokes(values: Series, frame: Frame): Stroke[] {
  const found: Stroke[] = [];
  let open: Stroke | null = null;
  const add = (index: number) => {
    if (!open) {
      open = [];
      found.push(open);
    }
    open.push(xOf(frame, index), yOf(frame, values[index] as number));
  };
  const last = Math.min(values.length - 1, frame.last);
  const perPixel = (frame.last - frame.first) / Math.max(1, frame.right - frame.left);
  const step = perPixel > 2 ? Math.floor(perPixel) : 1;
  for (let i = frame.first; i <= last; i += step) {
    const pair = extremes(values, i, Math.min(last + 1, i + step));
    if (!pair) {
      open = null;
      continue;
    }
    add(pair[0]);
    if (pair[1] !== pair[0]) add(pair[1]);
  }
  return found;
}

/** The outlines of a band of `sd` to both sides, one closed polygon for each run of values. */
export function bands(values: Series, sd: Series, frame: Frame): Stroke[] {
  const found: Stroke[] = [];
  let upper: number[] = [];
  let lower: [number, number][] = [];
  const close = () => {
    if (lower.length > 1) found.push([...upper, ...lower.reverse().flat()]);
    upper = [];
    lower = [];
  };
  const last = Math.min(values.length - 1, frame.last);
  const step = Math.max(1, Math.floor((frame.last - frame.first) / Math.max(1, frame.right - frame.left)));
  for (let i = frame.first; i <= last; i += step) {
    const value = values[i];
    const spread = sd[i];
    if (value === null || value === undefined || spread === null || spread === undefined) {
      close();
      continue;
    }
    const x = xOf(frame, i);
    upper.push(x, yOf(frame, Math.min(frame.high, value + spread)));
    lower.push([x, yOf(frame, Math.max(frame.low, value - spread))]);
  }
  close();
  return found;
}

/** The sample that holds at a time; null before the first and after the last. */
export function indexAt(seconds: number, t0_s: number, rate_hz: number, length: number): number | null {
  const index = Math.round((seconds - t0_s) * rate_hz);
  return index >= 0 && index < length ? index : null;
}
