/** Waveform peaks as the server derives them: per channel, values in -1..1 at `rate_hz`. */
export interface Peaks {
  rate_hz: number;
  channels: number;
  min: number[][];
  max: number[][];
}

/** Those of a stretch of the sound, in seconds; `until_s` null: to its end. */
export function cut(peaks: Peaks, from_s: number, until_s: number | null): Peaks {
  const first = Math.floor(from_s * peaks.rate_hz);
  const end = until_s === null ? undefined : Math.ceil(until_s * peaks.rate_hz);
  const part = (channels: number[][]) => channels.map((one) => one.slice(first, end));
  return { ...peaks, min: part(peaks.min), max: part(peaks.max) };
}

/** Lowest and highest value of each of `columns` equal parts, over all channels; flat pairs in one array. */
export function waveform(peaks: Peaks, columns: number): Float32Array {
  const out = new Float32Array(columns * 2);
  const length = peaks.max[0]?.length ?? 0;
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * length) / columns));
    let low = 0;
    let high = 0;
    for (let channel = 0; channel < peaks.channels; channel++) {
      for (let i = from; i < Math.min(to, length); i++) {
        low = Math.min(low, peaks.min[channel]?.[i] ?? 0);
        high = Math.max(high, peaks.max[channel]?.[i] ?? 0);
      }
    }
    out[column * 2] = low;
    out[column * 2 + 1] = high;
  }
  return out;
}
