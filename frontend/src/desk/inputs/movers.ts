import { moveBy, type Range } from "../../trace/padmap";

/** How keys, wheels and sticks move one dimension of a trace; `part` is a part of its range. */
export interface Mover {
  index: number;
  move(value: number, part: number): number;
}

/** Held at the ends of the range. A range whose `min` is above its `max` runs the other way. */
export const bounded = (index: number, range: Range): Mover => ({
  index,
  move: (value, part) => moveBy(value, part, range),
});

/** No ends; `span` units count as the whole range, and a negative one turns the direction round. */
export const unbounded = (index: number, span: number): Mover => ({
  index,
  move: (value, part) => value + part * span,
});

/** What moves along each direction of an instrument; null: that direction does nothing. */
export interface Movers {
  x: Mover | null;
  y: Mover | null;
  z: Mover | null;
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, dialog") !== null;
}

/** Moves the value by parts of the ranges; answers whether anything changed. */
export function moveAlong(
  movers: Movers,
  value: Float64Array,
  motion: { x: number; y: number; z: number },
): boolean {
  let moved = false;
  for (const way of ["x", "y", "z"] as const) {
    const mover = movers[way];
    if (!mover || motion[way] === 0) continue;
    value[mover.index] = mover.move(value[mover.index] ?? 0, motion[way]);
    moved = true;
  }
  return moved;
}
