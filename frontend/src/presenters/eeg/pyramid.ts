import { clamp } from "../../trace/padmap";

/** A long recording as minima and maxima at several widths of bucket, as the server derives it. */
export interface Pyramid {
  channels: { label: string; unit: string; rate_hz: number }[];
  duration_s: number;
  levels: { bucket_s: number; min: (number | null)[][]; max: (number | null)[][] }[];
}

/** The part of the recording that is on screen. */
export interface Span {
  from_s: number;
  length_s: number;
}

const SHORTEST_S = 0.25;

function held(span: Span, duration_s: number): Span {
  const length_s = clamp(span.length_s, Math.min(SHORTEST_S, duration_s), duration_s);
  return { length_s, from_s: clamp(span.from_s, 0, duration_s - length_s) };
}

/** Moves by a part of what is on screen. */
export const pan = (span: Span, part: number, duration_s: number): Span =>
  held({ ...span, from_s: span.from_s + part * span.length_s }, duration_s);

/** Zooms by a factor about a place given as a part of the screen. */
export function zoom(span: Span, factor: number, place: number, duration_s: number): Span {
  const length_s = clamp(span.length_s / factor, Math.min(SHORTEST_S, duration_s), duration_s);
  return held({ length_s, from_s: span.from_s + place * (span.length_s - length_s) }, duration_s);
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

/** Per channel [lowest, highest] of each bucket of the coarsest level; buckets without a sample are left out. */
function envelopes({ channels, levels }: Pyramid): [number, number][][] {
  const coarse = levels.reduce<Pyramid["levels"][number] | null>(
    (found, level) => (found && found.bucket_s >= level.bucket_s ? found : level),
    null,
  );
  return channels.map((_, channel) => {
    const highs = coarse?.max[channel] ?? [];
    return (coarse?.min[channel] ?? []).flatMap((low, i): [number, number][] => {
      const high = highs[i] ?? null;
      return low === null || high === null ? [] : [[low, high]];
    });
  });
}

/** Per unit, how much of it half the height of a lane means at gain 1: what is typical of the channels in it. */
export function unitScales(pyramid: Pyramid): ReadonlyMap<string, number> {
  const heights = new Map<string, number[]>();
  envelopes(pyramid).forEach((buckets, channel) => {
    const half = median(buckets.map(([low, high]) => (high - low) / 2));
    const unit = pyramid.channels[channel]?.unit ?? "";
    if (half) heights.set(unit, [...(heights.get(unit) ?? []), half]);
  });
  return new Map([...heights].map(([unit, halves]) => [unit, median(halves) ?? 1]));
}

/** The value around which each channel swings, in its unit. */
export const baselines = (pyramid: Pyramid): number[] =>
  envelopes(pyramid).map((buckets) => median(buckets.map(([low, high]) => (low + high) / 2)) ?? 0);
