/** Corner frequencies in Hz; null: this filter is off. */
export interface Filters {
  high_pass_hz: number | null;
  low_pass_hz: number | null;
  notch_hz: number | null;
}

export const NO_FILTERS: Filters = { high_pass_hz: null, low_pass_hz: null, notch_hz: null };

/** Normalised so that a0 is 1. */
interface Biquad {
  b0: number;
  b1: number;
  b2: number;
  a1: number;
  a2: number;
}

const BUTTERWORTH_Q = Math.SQRT1_2;
const NOTCH_Q = 15;
/** Of the rate: nearer to half of it a filter has no room. */
const HIGHEST_PART = 0.45;

type Kind = "high" | "low" | "notch";

/** Second-order sections after R. Bristow-Johnson, "Cookbook formulae for audio equalizer biquad filter coefficients". */
function section(kind: Kind, hz: number, rate_hz: number): Biquad {
  const w = (2 * Math.PI * hz) / rate_hz;
  const cos = Math.cos(w);
  const alpha = Math.sin(w) / (2 * (kind === "notch" ? NOTCH_Q : BUTTERWORTH_Q));
  const a0 = 1 + alpha;
  const edge = { high: (1 + cos) / 2, low: (1 - cos) / 2, notch: 1 }[kind];
  const b1 = { high: -(1 + cos), low: 1 - cos, notch: -2 * cos }[kind];
  return { b0: edge / a0, b1: b1 / a0, b2: edge / a0, a1: (-2 * cos) / a0, a2: (1 - alpha) / a0 };
}

/** In place; starts as if the first value had always been there, which spares the jump at the beginning. */
function pass(values: Float32Array, { b0, b1, b2, a1, a2 }: Biquad, backward: boolean): void {
  const { length } = values;
  const first = values[backward ? length - 1 : 0] ?? 0;
  const steady = (first * (b0 + b1 + b2)) / (1 + a1 + a2);
  let z2 = b2 * first - a2 * steady;
  let z1 = b1 * first - a1 * steady + z2;
  for (let n = 0; n < length; n++) {
    const i = backward ? length - 1 - n : n;
    const x = values[i] as number;
    const y = b0 * x + z1;
    z1 = b1 * x - a1 * y + z2;
    z2 = b2 * x - a2 * y;
    values[i] = y;
  }
}

/** Filters that a channel of this rate has room for. */
export function sectionsOf(filters: Filters, rate_hz: number): Biquad[] {
  const { high_pass_hz, low_pass_hz, notch_hz } = filters;
  const wanted: [Kind, number | null][] = [
    ["high", high_pass_hz],
    ["low", low_pass_hz],
    ["notch", notch_hz],
  ];
  return wanted.flatMap(([kind, hz]) =>
    hz !== null && hz < HIGHEST_PART * rate_hz ? [section(kind, hz, rate_hz)] : [],
  );
}

/** Filters in place, forward and backward: nothing is moved in time; at a corner the amplitude is halved. */
export function filterBothWays(values: Float32Array, sections: readonly Biquad[]): void {
  for (const one of sections) {
    pass(values, one, false);
    pass(values, one, true);
  }
}

export const isOn = ({ high_pass_hz, low_pass_hz, notch_hz }: Filters): boolean =>
  high_pass_hz !== null || low_pass_hz !== null || notch_hz !== null;
