import { clamp } from "../../trace/padmap";
import { type Filters, NO_FILTERS } from "./filters";
import type { MontageName } from "./montage";
import { pan, type Span, zoom } from "./pyramid";

/** All that a rater can choose about how a recording is shown. */
export interface Look extends Span {
  gain: number;
  montage: MontageName;
  filters: Filters;
  /** The first lane on the screen, and how many at most. */
  lane: number;
  lanes: number;
  cursor_s: number | null;
}

export interface Extent {
  /** Second of the file at which the recording begins; all other times count from there. */
  onset_s: number;
  duration_s: number;
  lanes: number;
  /** Time between two samples of the fastest channel. */
  sample_s: number;
}

export type Move =
  | "earlier"
  | "later"
  | "first"
  | "last"
  | "shorter"
  | "longer"
  | "larger"
  | "smaller"
  | "up"
  | "down"
  | "more"
  | "fewer"
  | "cursorBack"
  | "cursorOn";

const FIRST_SPAN_S = 10;
const FIRST_LANES = 32;
const GAIN_STEP = Math.SQRT2;
const ZOOM_STEP = 1.5;
const PAN_PART = 0.25;
const CURSOR_PART = 1 / 200;
const TINY = 1e-6;

export const firstLook = ({ duration_s, lanes }: Pick<Extent, "duration_s" | "lanes">): Look => ({
  from_s: 0,
  length_s: Math.min(FIRST_SPAN_S, duration_s),
  gain: 1,
  montage: "recorded",
  filters: NO_FILTERS,
  lane: 0,
  lanes: Math.min(FIRST_LANES, lanes),
  cursor_s: null,
});

export function showLanes(look: Look, lane: number, lanes: number, extent: Extent): Look {
  const shown = clamp(Math.round(lanes), 1, extent.lanes);
  return { ...look, lanes: shown, lane: clamp(lane, 0, extent.lanes - shown) };
}

/** The sample of the fastest channel that is nearest. */
export function snapped(time_s: number, { onset_s, duration_s, sample_s }: Extent): number {
  const place = (at_s: number) => (onset_s + at_s) / sample_s;
  const [first, last] = [Math.ceil(place(0) - TINY), Math.round(place(duration_s)) - 1];
  return clamp(Math.round(place(time_s)), first, last) * sample_s - onset_s;
}

function moveCursor(look: Look, direction: number, extent: Extent): Look {
  const { from_s, length_s, cursor_s } = look;
  const inSight = cursor_s !== null && cursor_s >= from_s && cursor_s <= from_s + length_s;
  if (!inSight) return { ...look, cursor_s: snapped(from_s + length_s / 2, extent) };
  const step = Math.max(extent.sample_s, length_s * CURSOR_PART) * direction;
  const at = snapped(cursor_s + step, extent);
  const beyond = at < from_s ? at - from_s : Math.max(0, at - from_s - length_s);
  return { ...look, cursor_s: at, ...pan(look, beyond / length_s, extent.duration_s) };
}

export function moved(look: Look, move: Move, extent: Extent): Look {
  const { duration_s } = extent;
  const panned = (part: number): Look => ({ ...look, ...pan(look, part, duration_s) });
  const zoomed = (factor: number): Look => ({ ...look, ...zoom(look, factor, 0.5, duration_s) });
  const amplified = (factor: number): Look => ({ ...look, gain: clamp(look.gain * factor, 1 / 64, 64) });
  switch (move) {
    case "earlier":
      return panned(-PAN_PART);
    case "later":
      return panned(PAN_PART);
    case "first":
      return panned(Number.NEGATIVE_INFINITY);
    case "last":
      return panned(Number.MAX_SAFE_INTEGER);
    case "shorter":
      return zoomed(ZOOM_STEP);
    case "longer":
      return zoomed(1 / ZOOM_STEP);
    case "larger":
      return amplified(GAIN_STEP);
    case "smaller":
      return amplified(1 / GAIN_STEP);
    case "up":
      return showLanes(look, look.lane - Math.max(1, look.lanes >> 2), look.lanes, extent);
    case "down":
      return showLanes(look, look.lane + Math.max(1, look.lanes >> 2), look.lanes, extent);
    case "more":
      return showLanes(look, look.lane, look.lanes * 2, extent);
    case "fewer":
      return showLanes(look, look.lane, Math.ceil(look.lanes / 2), extent);
    case "cursorBack":
      return moveCursor(look, -1, extent);
    case "cursorOn":
      return moveCursor(look, 1, extent);
  }
}

/** Whether two looks differ in nothing but time. */
export const sameChoices = (a: Look, b: Look): boolean =>
  (["length_s", "gain", "montage", "filters", "lane", "lanes"] as const).every((key) => a[key] === b[key]);

/** Where the play head stands on the screen, as a part of its width. */
const HEAD = 0.75;

/** The recording so that `at_s` is under the play head, however near its ends. */
export const underHead = (look: Look, at_s: number): Look => ({
  ...look,
  from_s: at_s - HEAD * look.length_s,
  cursor_s: at_s,
});

/** What there is of the recording in sight. */
export const inSight = ({ from_s, length_s }: Look, { duration_s }: Extent): [number, number] => [
  clamp(from_s, 0, duration_s),
  clamp(from_s + length_s, 0, duration_s),
];

/** Adds a stretch to stretches that do not touch, in order of time. */
export function withStretch(
  seen: readonly (readonly [number, number])[],
  next: readonly [number, number],
): [number, number][] {
  const sorted = [...seen, next].sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, until] of sorted) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], until);
    else merged.push([from, until]);
  }
  return merged;
}
