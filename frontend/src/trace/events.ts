import type { JsonObject } from "../api/types";

export const KINDS = [
  "sample",
  "heartbeat",
  "play",
  "pause",
  "seek",
  "stall",
  "resume",
  "hidden",
  "visible",
  "lock_lost",
  "resize",
  "device",
  "end",
] as const;

export type EventKind = (typeof KINDS)[number];

const VALUE_SCALE = 1e5;
const RAW_SCALE = 10;

const round = (value: number, scale: number): number => Math.round(value * scale) / scale;

/**
 * The newest events of a trace in preallocated rings, so that recording a sample allocates nothing.
 *
 * A consumer drains it several times a second. Should it ever overflow, the oldest events go and the gap in their
 * sequence numbers tells so.
 */
export class EventLog {
  private readonly kinds: Uint8Array;
  private readonly eventUs: Float64Array;
  private readonly mediaUs: Float64Array;
  private readonly values: Float64Array;
  private readonly raws: Float64Array;
  private readonly notes = new Map<number, JsonObject>();
  private readonly dimensions: number;
  private readonly capacity: number;
  private oldest: number;
  private next: number;

  constructor(dimensions: number, firstSeq = 0, capacity = 4096) {
    this.dimensions = dimensions;
    this.capacity = capacity;
    this.kinds = new Uint8Array(capacity);
    this.eventUs = new Float64Array(capacity);
    this.mediaUs = new Float64Array(capacity);
    this.values = new Float64Array(capacity * dimensions);
    this.raws = new Float64Array(capacity * 2);
    this.oldest = firstSeq;
    this.next = firstSeq;
  }

  get nextSeq(): number {
    return this.next;
  }

  get size(): number {
    return this.next - this.oldest;
  }

  /** `mediaUs`, `rawX`, `rawY` are NaN where there is none; `note` is the raw part of the typed events. */
  push(
    kind: EventKind,
    eventUs: number,
    mediaUs: number,
    value: ArrayLike<number>,
    rawX = Number.NaN,
    rawY = Number.NaN,
    note: JsonObject | null = null,
  ): void {
    if (this.size === this.capacity) this.notes.delete(this.oldest++);
    const slot = this.next % this.capacity;
    this.kinds[slot] = KINDS.indexOf(kind);
    this.eventUs[slot] = eventUs;
    this.mediaUs[slot] = mediaUs;
    for (let i = 0; i < this.dimensions; i++)
      this.values[slot * this.dimensions + i] = value[i] ?? Number.NaN;
    this.raws[slot * 2] = rawX;
    this.raws[slot * 2 + 1] = rawY;
    if (note) this.notes.set(this.next, note);
    this.next += 1;
  }

  /** Takes everything out, each event as the JSON text that goes into a chunk. */
  drain(): string[] {
    const texts: string[] = [];
    for (; this.oldest < this.next; this.oldest++) texts.push(this.textOf(this.oldest));
    this.notes.clear();
    return texts;
  }

  private textOf(seq: number): string {
    const slot = seq % this.capacity;
    const media = this.mediaUs[slot] as number;
    const value = Array.from(
      this.values.subarray(slot * this.dimensions, (slot + 1) * this.dimensions),
      (part) => round(part, VALUE_SCALE),
    );
    return JSON.stringify([
      seq,
      KINDS[this.kinds[slot] as number],
      Math.round(this.eventUs[slot] as number),
      Number.isNaN(media) ? null : Math.round(media),
      value.some(Number.isNaN) ? null : value,
      this.notes.get(seq) ?? this.rawOf(slot),
    ]);
  }

  private rawOf(slot: number): number[] | null {
    const x = this.raws[slot * 2] as number;
    const y = this.raws[slot * 2 + 1] as number;
    if (Number.isNaN(x)) return null;
    return Number.isNaN(y) ? [round(x, RAW_SCALE)] : [round(x, RAW_SCALE), round(y, RAW_SCALE)];
  }
}
