import { clamp } from "./padmap";

export type Direction = "left" | "right" | "up" | "down" | "forth" | "back";

const KEYS: Record<string, Direction> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  KeyA: "left",
  KeyD: "right",
  KeyW: "up",
  KeyS: "down",
  PageUp: "forth",
  PageDown: "back",
  KeyE: "forth",
  KeyQ: "back",
};

const BITS: Record<Direction, number> = { left: 1, right: 2, up: 4, down: 8, forth: 16, back: 32 };

/** The direction of a keyboard key (`KeyboardEvent.code`, so WASD is a place, not a letter), or null. */
export function directionOf(code: string): Direction | null {
  return KEYS[code] ?? null;
}

/** Along which way of an instrument a direction goes. */
export function wayOf(direction: Direction): "x" | "y" | "z" {
  if (direction === "left" || direction === "right") return "x";
  return direction === "up" || direction === "down" ? "y" : "z";
}

export interface MotionRule {
  /** Moved at once by a tap, as a part of the range. */
  tap: number;
  /** Speed right after the tap, parts of the range per second. */
  startSpeed: number;
  topSpeed: number;
  /** Seconds of holding until the top speed. */
  rampS: number;
}

export const MOTION: MotionRule = { tap: 0.01, startSpeed: 0.15, topSpeed: 0.9, rampS: 1 };

/** How far a key held for `heldS` seconds has moved, as a part of the range; independent of the frame rate. */
export function distanceAfter(heldS: number, rule: MotionRule = MOTION): number {
  const ramp = clamp(heldS, 0, rule.rampS);
  const gain = (rule.topSpeed - rule.startSpeed) / rule.rampS;
  const cruise = Math.max(0, heldS - rule.rampS) * rule.topSpeed;
  return rule.tap + rule.startSpeed * ramp + (gain * ramp * ramp) / 2 + cruise;
}

interface Hold {
  sinceMs: number;
  moved: number;
}

/** Turns held keys into motion. Tap for a small step; hold to move ever faster, up to the top speed. */
export class KeyMotion {
  private readonly holds = new Map<Direction, Hold>();
  private readonly rule: MotionRule;
  private readonly loose = { x: 0, y: 0, z: 0 };

  constructor(rule: MotionRule = MOTION) {
    this.rule = rule;
  }

  /** The held keys as bits: left 1, right 2, up 4, down 8, forth 16, back 32. */
  get mask(): number {
    let mask = 0;
    for (const direction of this.holds.keys()) mask |= BITS[direction];
    return mask;
  }

  /** Auto-repeat of a key that is already held changes nothing. */
  press(direction: Direction, atMs: number): void {
    if (!this.holds.has(direction)) this.holds.set(direction, { sinceMs: atMs, moved: 0 });
  }

  release(direction: Direction, atMs: number): void {
    const hold = this.holds.get(direction);
    if (!hold) return;
    this.advance(direction, hold, atMs);
    this.holds.delete(direction);
  }

  /** Focus went elsewhere: no key-up will be seen. */
  releaseAll(): void {
    this.holds.clear();
  }

  /** Motion since the last call, as parts of the ranges (y upward, z forth). */
  take(atMs: number, out: { x: number; y: number; z: number }): void {
    for (const [direction, hold] of this.holds) this.advance(direction, hold, atMs);
    out.x = this.loose.x;
    out.y = this.loose.y;
    out.z = this.loose.z;
    this.loose.x = 0;
    this.loose.y = 0;
    this.loose.z = 0;
  }

  private advance(direction: Direction, hold: Hold, atMs: number): void {
    const total = distanceAfter(Math.max(0, atMs - hold.sinceMs) / 1000, this.rule);
    const step = total - hold.moved;
    hold.moved = total;
    if (direction === "left") this.loose.x -= step;
    else if (direction === "right") this.loose.x += step;
    else if (direction === "up") this.loose.y += step;
    else if (direction === "down") this.loose.y -= step;
    else if (direction === "forth") this.loose.z += step;
    else this.loose.z -= step;
  }
}
