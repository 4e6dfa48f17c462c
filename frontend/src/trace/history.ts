import type { Range } from "./padmap";

/** The last values of a trace at a steady pace, in a ring: what a scrolling picture shows, and no more. */
export class History {
  readonly timesS: Float64Array;
  readonly values: Float64Array;
  length = 0;
  private cursor = 0;
  private readonly everyS: number;

  constructor(spanS: number, rateHz = 20) {
    this.everyS = 1 / rateHz;
    this.timesS = new Float64Array(Math.max(2, Math.ceil(spanS * rateHz)));
    this.values = new Float64Array(this.timesS.length);
  }

  /** Keeps the value unless the last one kept is too near; after a step back in time the ring begins anew. */
  add(atS: number, value: number): void {
    const last = this.length > 0 ? (this.timesS[this.place(this.length - 1)] as number) : -1;
    if (atS < last) this.length = 0;
    else if (this.length > 0 && atS - last < this.everyS) return;
    this.timesS[this.cursor] = atS;
    this.values[this.cursor] = value;
    this.cursor = (this.cursor + 1) % this.timesS.length;
    this.length = Math.min(this.length + 1, this.timesS.length);
  }

  /** Where the `index`-th oldest entry lies in the arrays. */
  place(index: number): number {
    return (this.cursor - this.length + index + this.timesS.length) % this.timesS.length;
  }
}

const MARGIN = 0.15;

/** The range that shows all of an unbounded trace so far; grows at once when the value leaves it, never shrinks. */
export class AutoRange implements Range {
  min: number;
  max: number;
  private readonly leastSpan: number;

  constructor(start: number, leastSpan: number) {
    this.leastSpan = leastSpan;
    this.min = start - leastSpan / 2;
    this.max = start + leastSpan / 2;
  }

  include(value: number): void {
    const room = MARGIN * Math.max(this.leastSpan, this.max - this.min);
    if (value > this.max - room / 2) this.max = value + room;
    if (value < this.min + room / 2) this.min = value - room;
  }
}
