import type { JsonObject } from "../../api/types";
import { isObject } from "../options";

export interface Unit {
  key: string;
  name: string;
  part: string;
  sides: boolean;
}

export const INTENSITIES = ["A", "B", "C", "D", "E"] as const;
export const SIDES = ["left", "right", "both", "top", "bottom"] as const;
export const USUAL_SIDES: readonly Side[] = ["left", "right", "both"];
export const MOMENTS = ["onset_s", "apex_s", "offset_s"] as const;
export type Side = (typeof SIDES)[number];
export type Moment = (typeof MOMENTS)[number];

/** One unit seen; what is missing has not been answered. */
export interface Coded {
  unit: string;
  intensity?: string;
  side?: Side;
  onset_s?: number;
  apex_s?: number;
  offset_s?: number;
}

export interface Asked {
  units: readonly Unit[];
  intensity: boolean;
  sides: boolean;
  /** Which of them, in order. */
  sideChoices: readonly Side[];
  moments: readonly Moment[];
}

const SIDE_OF: Readonly<Record<string, Side>> = { l: "left", r: "right", t: "top", b: "bottom" };

const isSided = (key: string, { units, sides }: Asked): boolean =>
  sides && units.find((unit) => unit.key === key)?.sides === true;

/** A unit as it begins: seen on both sides unless said otherwise, where that can be coded. */
export function begun(
  key: string,
  asked: Asked,
  part: { side?: Side | undefined; intensity?: string } = {},
): Coded {
  const { side = asked.sideChoices.find((one) => one === "both"), intensity } = part;
  return {
    unit: key,
    ...(asked.intensity && intensity ? { intensity } : {}),
    ...(isSided(key, asked) && side ? { side } : {}),
  };
}

/** What coders write, such as `12`, `L12C` or `AD19`; null where it names no unit of this question. */
export function readCode(text: string, asked: Asked): Coded | null {
  const [, side = "", number = "", intensity = ""] =
    /^([lrtb]?)(?:a[ud])?(\d+)([a-e]?)$/i.exec(text.trim()) ?? [];
  const unit = asked.units.find(({ key }) => number !== "" && key.slice(2) === number);
  if (!unit || (side && !isSided(unit.key, asked)) || (intensity && !asked.intensity)) return null;
  const on = SIDE_OF[side.toLowerCase()];
  if (on && !asked.sideChoices.includes(on)) return null;
  return begun(unit.key, asked, { side: on, intensity: intensity.toUpperCase() });
}

export type Lack = "intensity" | "side" | Moment | "order" | "double";

/** The first thing wrong with the code at `index`, or null. */
export function lackOf(codes: readonly Coded[], index: number, asked: Asked): Lack | null {
  const coded = codes[index];
  if (!coded) return null;
  if (asked.intensity && !coded.intensity) return "intensity";
  if (isSided(coded.unit, asked) && !coded.side) return "side";
  const missing = asked.moments.find((moment) => coded[moment] === undefined);
  if (missing) return missing;
  const { onset_s, apex_s, offset_s } = coded;
  if (onset_s !== undefined && apex_s !== undefined && offset_s !== undefined) {
    if (onset_s > apex_s || apex_s > offset_s) return "order";
  }
  return codes.slice(0, index).some((other) => same(coded, other)) ? "double" : null;
}

/** Whether two codes are of one unit, on one side, at one time. */
function same(one: Coded, other: Coded): boolean {
  const [side = "both", otherSide = "both"] = [one.side, other.side];
  if (one.unit !== other.unit || (side !== otherSide && side !== "both" && otherSide !== "both"))
    return false;
  if (one.onset_s === undefined) return one.apex_s === other.apex_s;
  return one.onset_s < (other.offset_s ?? 0) && (other.onset_s ?? 0) < (one.offset_s ?? 0);
}

/** The codes of an answer; null: there is none yet. */
export const codesOf = (value: JsonObject | null): Coded[] | null =>
  Array.isArray(value?.units) ? (value.units.filter(isObject) as unknown as Coded[]) : null;

export const answerOfCodes = (codes: readonly Coded[]): JsonObject => ({
  units: codes.map((coded) => ({ ...coded })),
});

/** From the first to the last moment of a code; null: it has none. */
export function extentOf({ onset_s, apex_s, offset_s }: Coded): { from_s: number; to_s: number } | null {
  const [from_s, to_s] = [onset_s ?? apex_s ?? offset_s, offset_s ?? apex_s ?? onset_s];
  return from_s === undefined || to_s === undefined ? null : { from_s, to_s };
}

/** How many of the raters before have seen a unit. */
export const timesSeen = (unit: string, earlier: readonly (readonly Coded[])[]): number =>
  earlier.filter((codes) => codes.some((coded) => coded.unit === unit)).length;
