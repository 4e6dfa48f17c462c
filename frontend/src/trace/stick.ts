import { clamp } from "./padmap";

/** One axis of a joystick as this one was found to be: where it rests, and how far it goes. */
export interface StickAxis {
  centre: number;
  low: number;
  high: number;
}

/** Around the centre, as a part of the way to an end, a stick's own noise is no movement. */
export const DEAD_ZONE = 0.08;
/** A shorter way than this was not moved to its end, so the nominal end counts. */
const SHORTEST_WAY = 0.3;

export const NOMINAL: StickAxis = { centre: 0, low: -1, high: 1 };

/** Where the stick is, -1..1 with 0 in and around its centre; each half is stretched to its own end. */
export function stickPart(raw: number, axis: StickAxis, deadZone = DEAD_ZONE): number {
  const off = raw - axis.centre;
  const way = off < 0 ? axis.centre - axis.low : axis.high - axis.centre;
  const part = clamp(off / way, -1, 1);
  const beyond = Math.abs(part) - deadZone;
  return beyond <= 0 ? 0 : (Math.sign(part) * beyond) / (1 - deadZone);
}

/** Learns centre and ends of each axis: first while the stick is at rest, then while it is moved all around. */
export class StickCalibration {
  private readonly sums: number[] = [];
  private readonly lows: number[] = [];
  private readonly highs: number[] = [];
  private rested = 0;

  rest(axes: readonly number[]): void {
    this.rested += 1;
    axes.forEach((raw, i) => {
      this.sums[i] = (this.sums[i] ?? 0) + raw;
    });
  }

  move(axes: readonly number[]): void {
    axes.forEach((raw, i) => {
      this.lows[i] = Math.min(this.lows[i] ?? raw, raw);
      this.highs[i] = Math.max(this.highs[i] ?? raw, raw);
    });
  }

  axes(): StickAxis[] {
    return this.sums.map((sum, i) => {
      const centre = this.rested > 0 ? sum / this.rested : 0;
      const low = this.lows[i] ?? centre;
      const high = this.highs[i] ?? centre;
      return {
        centre,
        low: centre - low >= SHORTEST_WAY ? low : NOMINAL.low,
        high: high - centre >= SHORTEST_WAY ? high : NOMINAL.high,
      };
    });
  }
}
