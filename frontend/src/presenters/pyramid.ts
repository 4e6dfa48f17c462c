import { clamp } from "../trace/padmap";

/** A long recording as minima and maxima at several widths of bucket, as the server derives it. */
export interface Pyramid {
  channels: { label: string; unit: string; rate_hz: number }[];
  duration_s: number;
  levels: { bucket_s: number; min: number[][]; max: number[][] }[];
}

/** The part of the recording that is on screen. */
export interface Span {
  from_s: number;
  length_s: number;
}

export const SHORTEST_S = 0.25;

/** The coarsest level that still has at least one bucket per column, else the finest. */
export function levelFor(pyramid: Pyramid, secondsPerColumn: number): Pyramid["levels"][number] | null {
  const byWidth = [...pyramid.levels].sort((a, b) => b.bucket_s - a.bucket_s);
  return byWidth.find((level) => level.bucket_s <= secondsPerColumn) ?? byWidth.at(-1) ?? null;
}

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

/** Half the typical height of each channel's envelope: what a lane's half height means at gain 1. */
export function laneScales(pyramid: Pyramid): number[] {
  const coarse = levelFor(pyramid, Number.POSITIVE_INFINITY);
  return pyramid.channels.map((_, channel) => {
    const highs = coarse?.max[channel] ?? [];
    const lows = coarse?.min[channel] ?? [];
    const heights = highs.map((high, i) => (high - (lows[i] ?? 0)) / 2).sort((a, b) => a - b);
    return heights[Math.floor(heights.length / 2)] || 1;
  });
}
