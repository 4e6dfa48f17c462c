import { clamp } from "../../trace/padmap";

/** Samples of a channel from `first` to `last`, both included, counted from 0. */
export interface SampleSpan {
  first: number;
  last: number;
}

/** Sample i is at i / rate_hz. A time between two samples belongs to the nearer one, one outside to the outermost. */
export const sampleAt = (time_s: number, rate_hz: number, n_samples: number): number =>
  clamp(Math.round(time_s * rate_hz), 0, n_samples - 1);

/** The samples between two times in whichever order, that of the later one included. */
export function spanBetween(a_s: number, b_s: number, rate_hz: number, n_samples: number): SampleSpan {
  const a = sampleAt(a_s, rate_hz, n_samples);
  const b = sampleAt(b_s, rate_hz, n_samples);
  return { first: Math.min(a, b), last: Math.max(a, b) };
}

/** From the first sample to the end of the last one's interval, so that spans which touch leave no gap. */
export const secondsOf = (
  { first, last }: SampleSpan,
  rate_hz: number,
): { onset_s: number; offset_s: number } => ({
  onset_s: first / rate_hz,
  offset_s: (last + 1) / rate_hz,
});

/** The samples of an interval that `secondsOf` gave; the same back, for every rate. */
export function spanOf(onset_s: number, offset_s: number, rate_hz: number, n_samples: number): SampleSpan {
  const first = sampleAt(onset_s, rate_hz, n_samples);
  return { first, last: Math.max(first, sampleAt(offset_s - 1 / rate_hz, rate_hz, n_samples)) };
}

/** Time of the newest sample at a moment; both count from `onset_s` of the file, which may lie between two samples. */
export const newestSample = (time_s: number, rate_hz: number, onset_s = 0): number =>
  Math.max(0, Math.floor((onset_s + time_s) * rate_hz + 1e-6) / rate_hz - onset_s);
