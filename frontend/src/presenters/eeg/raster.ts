/** A wave as pixels: per column one bar from its lowest to its highest value, with soft ends. */

/** Anything indexed by number whose entries may be missing. */
type Numbers = ArrayLike<number | null>;

/** Low and high per column of the screen; NaN: nothing there. Reused for each lane. */
export interface Columns {
  low: Float32Array;
  high: Float32Array;
}

/** Values that are `step_s` apart; `at(i)` says which run of them holds value i, null: it is not there yet. */
export interface Series {
  step_s: number;
  length: number;
  runLength: number;
  runAt(run: number): { low: Numbers; high: Numbers; scale: number; offset: number } | null;
}

const EPSILON = 1e-6;

function interpolated(series: Series, place: number): number {
  const before = Math.floor(place);
  const valueAt = (index: number): number => {
    const run = series.runAt(Math.floor(index / series.runLength));
    const value = index < series.length ? run?.low[index % series.runLength] : null;
    return run && value !== null && value !== undefined ? value * run.scale + run.offset : Number.NaN;
  };
  const value = valueAt(before);
  const part = place - before;
  if (part < 2 * EPSILON) return value;
  return value + (valueAt(before + 1) - value) * part;
}

/** What is seen of a series in each column; `from_s` is the left edge of the first. Only empty columns are filled. */
export function sweep(series: Series, from_s: number, perColumn_s: number, into: Columns): void {
  const columns = into.low.length;
  const perColumn = perColumn_s / series.step_s;
  const begin = from_s / series.step_s;
  for (let column = 0; column < columns; column++) {
    if (!Number.isNaN(into.low[column])) continue;
    const place = begin + column * perColumn;
    if (perColumn < 1) {
      const value = interpolated(series, place + EPSILON);
      into.low[column] = value;
      into.high[column] = value;
    } else {
      // A recording that runs under a play head has nothing before its beginning.
      const first = Math.max(0, Math.floor(place + EPSILON));
      reach(series, first, Math.floor(place + perColumn + EPSILON), into, column);
    }
  }
}

function reach(series: Series, from: number, to: number, into: Columns, column: number): void {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const end = Math.min(to, series.length);
  for (let index = from; index < end; ) {
    const number = Math.floor(index / series.runLength);
    const run = series.runAt(number);
    const first = number * series.runLength;
    const until = Math.min(end, first + series.runLength);
    if (run) {
      const { low: lows, high: highs, scale, offset } = run;
      for (let i = index - first; i < until - first; i++) {
        const one = lows[i];
        const other = highs[i];
        if (one === null || other === null || one === undefined || other === undefined) continue;
        // A channel may be recorded upside down: its scale is negative then.
        const a = one * scale + offset;
        const b = other * scale + offset;
        if (a < low) low = a;
        if (b < low) low = b;
        if (a > high) high = a;
        if (b > high) high = b;
      }
    }
    index = until;
  }
  if (low > high) return;
  into.low[column] = low;
  into.high[column] = high;
}

/** Leaves nothing to be seen before a recording's beginning and after its end, where its file may go on. */
export function blankOutside(columns: Columns, from_s: number, length_s: number, duration_s: number): void {
  const perColumn_s = length_s / columns.low.length;
  for (let column = 0; column < columns.low.length; column++) {
    const at_s = from_s + column * perColumn_s;
    if (at_s + perColumn_s > 0 && at_s < duration_s) continue;
    columns.low[column] = Number.NaN;
    columns.high[column] = Number.NaN;
  }
}

/** Lets neighbouring columns touch, so that a steep wave is one line. */
export function join({ low, high }: Columns): void {
  for (let column = 1; column < low.length; column++) {
    const [before, above] = [low[column - 1] as number, high[column - 1] as number];
    if ((low[column] as number) > above) low[column] = above;
    else if ((high[column] as number) < before) high[column] = before;
  }
}

export interface Raster {
  /** As in ImageData: alpha in the highest byte. */
  pixels: Uint32Array;
  width: number;
  height: number;
}

/** Where a lane's values lie on the raster. */
export interface Band {
  middle: number;
  px_per_unit: number;
  /** The wave is cut off above and below these rows. */
  top: number;
  bottom: number;
  thickness: number;
}

/** Draws in one colour (without alpha) and keeps the stronger of two pixels. */
export function drawWave(
  { pixels, width, height }: Raster,
  { low, high }: Columns,
  band: Band,
  rgb: number,
): void {
  const top = Math.max(0, band.top);
  const bottom = Math.min(height, band.bottom);
  const half = band.thickness / 2;
  for (let column = 0; column < width; column++) {
    const upper = band.middle - (high[column] as number) * band.px_per_unit - half;
    const lower = band.middle - (low[column] as number) * band.px_per_unit + half;
    if (!(lower > top && upper < bottom)) continue;
    const first = Math.max(top, Math.floor(upper));
    const end = Math.min(bottom, Math.ceil(lower));
    for (let row = first; row < end; row++) {
      const covered = Math.min(1, row + 1 - upper, lower - row);
      const alpha = (covered * 255) | 0;
      const place = row * width + column;
      if (alpha > (pixels[place] as number) >>> 24) pixels[place] = ((alpha << 24) | rgb) >>> 0;
    }
  }
}
