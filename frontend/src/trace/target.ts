/** A known curve, straight between its points and level beyond its ends; one list of numbers per point. */
export interface Curve {
  timesS: readonly number[];
  values: readonly (readonly number[])[];
}

/** Writes the curve at `atS` into `out`; false for a curve without points. For drawing only: the server scores. */
export function curveAt({ timesS, values }: Curve, atS: number, out: Float64Array): boolean {
  const last = timesS.length - 1;
  if (last < 0) return false;
  let after = 0;
  while (after <= last && (timesS[after] as number) <= atS) after += 1;
  const right = values[Math.min(after, last)] as readonly number[];
  const left = values[Math.max(after - 1, 0)] as readonly number[];
  const from = timesS[Math.max(after - 1, 0)] as number;
  const to = timesS[Math.min(after, last)] as number;
  const part = to > from ? (atS - from) / (to - from) : 0;
  for (let i = 0; i < out.length; i++) {
    const start = left[i] ?? Number.NaN;
    out[i] = start + part * ((right[i] ?? Number.NaN) - start);
  }
  return true;
}
