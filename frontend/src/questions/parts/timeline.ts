import type { JsonObject, JsonValue } from "../../api/types";
import { isObject } from "../options";

/** A stretch of a medium, in seconds of it; without an end it goes on beyond the medium. */
export interface Segment {
  label: string;
  start_s: number;
  end_s: number | null;
  apex_s: number | null;
  attributes: Record<string, string>;
}

export type Overlap = "none" | "labels" | "any";

/** What a place on the timeline may be, and which segments may stand beside each other. */
export interface Rules {
  duration_s: number;
  /** Distance of the places that can be marked; null: any place. */
  step_s: number | null;
  /** Where the steps are counted from, which may lie before the medium; left out: where it begins. */
  from_s?: number;
  /** Places are samples, and what ends at one has it in it. */
  samples?: boolean;
  /** In order: the places that can be marked, where they are no steps. The end of the medium is always one. */
  marks_s?: readonly number[];
  minLength_s: number;
  overlap: Overlap;
  most: number | null;
}

/** Why a segment cannot stand as it is. */
export type Refusal = "overlap" | "short" | "many" | "apex";

export type Change = { segments: Segment[]; index: number } | { refusal: Refusal };

const FREE_NUDGE_S = 0.1;
const TINY_S = 1e-5;
/** Places are rounded to microseconds, and so not quite on a step. */
const OFF_S = 2e-6;
const DIGITS = 6;

const rounded = (value: number): number => Number(value.toFixed(DIGITS));

/** Index of the last place that is not after a time, of places in order; -1: all are. There may be very many. */
function lastUntil(places: readonly number[], at_s: number): number {
  let [from, until] = [0, places.length];
  while (from < until) {
    const middle = (from + until) >> 1;
    if ((places[middle] as number) <= at_s) from = middle + 1;
    else until = middle;
  }
  return from - 1;
}

const placeAt = (places: readonly number[], index: number, duration_s: number): number =>
  places[Math.max(index, 0)] ?? duration_s;

function nearest(places: readonly number[], at_s: number, duration_s: number): number {
  const last = lastUntil(places, at_s);
  const [before, after] = [placeAt(places, last, duration_s), placeAt(places, last + 1, duration_s)];
  return Math.abs(after - at_s) < Math.abs(at_s - before) ? after : before;
}

/** The place that can be marked next to a time; the end of the medium is one. */
export function snapped(at_s: number, { duration_s, step_s, from_s = 0, marks_s }: Rules): number {
  const inside = Math.min(Math.max(at_s, 0), duration_s);
  if (marks_s) return nearest(marks_s, inside, duration_s);
  if (step_s === null) return rounded(inside);
  const first = Math.ceil(-from_s / step_s - OFF_S / step_s);
  const place = Math.max(Math.round((inside - from_s) / step_s), first);
  const mark = rounded(Math.max(0, from_s + place * step_s));
  return mark > duration_s || duration_s - inside < Math.abs(inside - mark) ? rounded(duration_s) : mark;
}

/** `steps` places further on. */
export function nudged(at_s: number, steps: number, rules: Rules): number {
  const { duration_s, step_s, from_s = 0, marks_s } = rules;
  if (marks_s) {
    const last = at_s >= duration_s - TINY_S ? marks_s.length : lastUntil(marks_s, at_s + TINY_S);
    return placeAt(marks_s, last + steps, duration_s);
  }
  if (step_s === null) return snapped(at_s + steps * FREE_NUDGE_S, rules);
  // Only the end of the medium may lie between two places.
  const place = (at_s - from_s) / step_s;
  const on = steps < 0 ? Math.ceil(place - OFF_S / step_s) : Math.floor(place + OFF_S / step_s);
  return snapped(from_s + (on + steps) * step_s, rules);
}

/** Where a stretch ends whose last place is `at_s`: after the sample that is there, where places are samples. */
export const endAfter = (at_s: number, rules: Rules): number =>
  rules.samples ? nudged(at_s, 1, rules) : at_s;

/** Whether two segments share time although they may not. */
export function clash(one: Segment, other: Segment, overlap: Overlap): boolean {
  if (overlap === "any" || (overlap === "labels" && one.label !== other.label)) return false;
  const ends = (segment: Segment) => segment.end_s ?? Number.POSITIVE_INFINITY;
  return one.start_s < ends(other) - TINY_S && other.start_s < ends(one) - TINY_S;
}

function refusalOf(segment: Segment, others: readonly Segment[], rules: Rules): Refusal | null {
  const length_s = (segment.end_s ?? Number.POSITIVE_INFINITY) - segment.start_s;
  if (length_s <= TINY_S || length_s < rules.minLength_s - TINY_S) return "short";
  if (segment.end_s === null && rules.duration_s - segment.start_s <= TINY_S) return "short";
  if (rules.most !== null && others.length >= rules.most) return "many";
  const { apex_s } = segment;
  if (apex_s !== null && (apex_s < segment.start_s || apex_s > (segment.end_s ?? rules.duration_s)))
    return "apex";
  return others.some((other) => clash(segment, other, rules.overlap)) ? "overlap" : null;
}

/** The segments in order of time with `segment` in the place of the one at `index`, or added when that is null. */
export function put(
  segments: readonly Segment[],
  index: number | null,
  segment: Segment,
  rules: Rules,
): Change {
  const others = segments.filter((_, place) => place !== index);
  const refusal = refusalOf(segment, others, rules);
  if (refusal) return { refusal };
  const ordered = [...others, segment].sort((a, b) => a.start_s - b.start_s);
  return { segments: ordered, index: ordered.indexOf(segment) };
}

/** The part of the medium on the lane: all of it at zoom 0, half at each step, about a time. */
export function shownPart(
  zoom: number,
  about_s: number,
  duration_s: number,
): { from_s: number; length_s: number } {
  const length_s = duration_s / 2 ** zoom;
  return { length_s, from_s: Math.min(Math.max(about_s - length_s / 2, 0), duration_s - length_s) };
}

/** Minutes, seconds and thousandths, as on a film's clock. */
export function clockText(at_s: number): string {
  const ms = Math.round(at_s * 1000);
  const seconds = (Math.floor(ms / 1000) % 60).toString().padStart(2, "0");
  return `${Math.floor(ms / 60_000)}:${seconds}.${(ms % 1000).toString().padStart(3, "0")}`;
}

const numberOf = (value: JsonValue | undefined): number | null => (typeof value === "number" ? value : null);

function textsOf(value: JsonValue | undefined): Record<string, string> {
  const pairs = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === "string"));
}

/** The segments of an answer; null: there is none yet. */
export function segmentsOf(value: JsonObject | null): Segment[] | null {
  if (!Array.isArray(value?.segments)) return null;
  return value.segments.filter(isObject).map((one) => ({
    label: String(one.label),
    start_s: numberOf(one.start_s) ?? 0,
    end_s: numberOf(one.end_s),
    apex_s: numberOf(one.apex_s),
    attributes: textsOf(one.attributes),
  }));
}

/** An answer as it is stored: what is not asked is not there. */
export const answerOf = (segments: readonly Segment[]): JsonObject => ({
  segments: segments.map(({ apex_s, attributes, ...segment }) => ({
    ...segment,
    ...(apex_s === null ? {} : { apex_s }),
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
  })),
});

export const percentOf = (part_s: number, duration_s: number): string => `${(100 * part_s) / duration_s}%`;

/** Where a stretch is on a lane as long as the medium, as a style. */
export const lanePart = (from_s: number, length_s: number, duration_s: number) => ({
  left: percentOf(from_s, duration_s),
  width: percentOf(length_s, duration_s),
});
