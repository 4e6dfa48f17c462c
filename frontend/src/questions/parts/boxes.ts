import type { JsonObject } from "../../api/types";
import { isObject } from "../options";

/** A rectangle in parts, 0 to 1, of a picture's natural width and height; `at_s` is the frame of a video. */
export interface Box {
  label: string;
  x: number;
  y: number;
  width: number;
  height: number;
  at_s?: number;
}

export interface Point {
  x: number;
  y: number;
}

const DIGITS = 4;

const rounded = (value: number): number => Number(value.toFixed(DIGITS));
const within = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** Moved as far as the picture reaches, its size kept. */
export const moved = <B extends Box>(box: B, dx: number, dy: number): B => ({
  ...box,
  x: rounded(within(box.x + dx, 0, 1 - box.width)),
  y: rounded(within(box.y + dy, 0, 1 - box.height)),
});

/** Its right and lower sides moved, as far as the picture reaches and no smaller than `least`. */
export const resized = <B extends Box>(box: B, dx: number, dy: number, least: number): B => ({
  ...box,
  width: rounded(within(box.width + dx, Math.min(least, 1 - box.x), 1 - box.x)),
  height: rounded(within(box.height + dy, Math.min(least, 1 - box.y), 1 - box.y)),
});

/** Between two corners; null where it is too small to be meant. */
export function drawn(one: Point, other: Point, label: string, least: number): Box | null {
  const [left, right] = [Math.min(one.x, other.x), Math.max(one.x, other.x)].map((x) =>
    rounded(within(x, 0, 1)),
  );
  const [top, bottom] = [Math.min(one.y, other.y), Math.max(one.y, other.y)].map((y) =>
    rounded(within(y, 0, 1)),
  );
  if (left === undefined || right === undefined || top === undefined || bottom === undefined) return null;
  const box = { label, x: left, y: top, width: rounded(right - left), height: rounded(bottom - top) };
  return box.width < least || box.height < least ? null : box;
}

/** In the middle, a third as wide and high as the picture. */
export const central = (label: string): Box => ({
  label,
  x: 0.3333,
  y: 0.3333,
  width: 0.3333,
  height: 0.3333,
});

/** The boxes of an answer; null: there is none yet. */
export const boxesOf = (value: JsonObject | null): Box[] | null =>
  Array.isArray(value?.boxes) ? (value.boxes.filter(isObject) as unknown as Box[]) : null;

export const answerOfBoxes = (boxes: readonly Box[]): JsonObject => ({
  boxes: boxes.map((box) => ({ ...box })),
});
