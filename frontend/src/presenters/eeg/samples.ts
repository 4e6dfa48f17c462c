/** Time of the newest sample at a moment; both count from `onset_s` of the file, which may lie between two samples. */
export const newestSample = (time_s: number, rate_hz: number, onset_s = 0): number =>
  Math.max(0, Math.floor((onset_s + time_s) * rate_hz + 1e-6) / rate_hz - onset_s);
