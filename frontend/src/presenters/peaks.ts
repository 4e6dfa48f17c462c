/** Waveform peaks as the server derives them: per channel, values in -1..1 at `rate_hz`. */
export interface Peaks {
  rate_hz: number;
  channels: number;
  min: number[][];
  max: number[][];
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
