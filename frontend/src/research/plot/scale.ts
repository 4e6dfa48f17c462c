/** Where a value lies on a range, as a part of it held within 0..1. */
export function place(value: number, from: number, to: number): number {
  if (to <= from) return 0;
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

/** The round step (1, 2 or 5 times a power of ten) that gives at most `most` intervals. */
export function roundStep(range: number, most: number): number {
  const rough = range / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5, 10].find((step) => step * power >= rough * (1 - 1e-9)) ?? 10);
}

/** Round values from `from` to `to`, at most `most` intervals apart. */
export function ticks(from: number, to: number, most: number): number[] {
  if (!(to > from)) return [from];
  const step = roundStep(to - from, most);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const found: number[] = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
    found.push(Number((i * step).toFixed(digits)));
  }
  return found;
}
