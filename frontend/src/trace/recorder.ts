import type { JsonObject } from "../api/types";
import { MediaClock } from "./clock";
import { type EventKind, EventLog } from "./events";

export type InputDevice = "mouse" | "touch" | "pen" | "keyboard" | "wheel" | "trackpad" | "gamepad";

/** What the screen has shown of the medium on this page so far; `refresh_hz` is null until it is counted. */
export interface Screen {
  frames_shown: number;
  frames_missed: number;
  refresh_hz: number | null;
}

const US = 1000;

/** Samples closer together than this within one burst of a fast mouse say nothing new about a feeling. */
export const MIN_SAMPLE_GAP_MS = 4;

/**
 * Writes what happens into the event log: each moment with the present value, on both clocks.
 *
 * `value` is what the rater's dot shows. It is a `sample` only when the rater moved it; heartbeats carry the value
 * that stands, from the start value on.
 */
export class TraceRecorder {
  readonly clock = new MediaClock();
  readonly value: Float64Array;
  /** Kept up to date by whoever plays the medium; null before that. */
  screen: Readonly<Screen> | null = null;
  readonly log: EventLog;
  private device: InputDevice | null = null;
  private lastSampleMs = Number.NEGATIVE_INFINITY;
  private lastMediaUs = Number.NaN;
  private touched = false;
  private readonly facts = new Map<InputDevice, JsonObject>();

  constructor(start: readonly number[], firstSeq: number) {
    this.value = Float64Array.from(start);
    this.log = new EventLog(start.length, firstSeq);
  }

  /** When the rater last moved the dot (performance clock), -Infinity before the first input. */
  get lastInputMs(): number {
    return this.lastSampleMs;
  }

  /** What the rater moved the dot with last. */
  get input(): InputDevice | null {
    return this.device;
  }

  get hasInput(): boolean {
    return this.touched;
  }

  /** Media time of the newest event, null before the clock knows. */
  get lastMedia(): number | null {
    return Number.isNaN(this.lastMediaUs) ? null : Math.round(this.lastMediaUs);
  }

  /** The rater moved the dot to `value`. `last` keeps a sample that would be thinned out. */
  sample(device: InputDevice, eventMs: number, rawX: number, rawY = Number.NaN, last = true): void {
    if (!last && eventMs - this.lastSampleMs < MIN_SAMPLE_GAP_MS) return;
    if (device !== this.device) {
      this.device = device;
      this.mark("device", eventMs, { input: device, ...this.facts.get(device) });
    }
    this.touched = true;
    this.lastSampleMs = eventMs;
    this.push("sample", eventMs, rawX, rawY, null);
  }

  /** What is written into the log when this device is taken up: its name, its calibration. */
  describe(device: InputDevice, facts: JsonObject): void {
    this.facts.set(device, facts);
    if (this.device === device) this.device = null;
  }

  heartbeat(eventMs: number): void {
    this.push("heartbeat", eventMs, Number.NaN, Number.NaN, null);
  }

  mark(kind: EventKind, eventMs: number, note: JsonObject | null = null): void {
    this.push(kind, eventMs, Number.NaN, Number.NaN, note);
  }

  private push(kind: EventKind, eventMs: number, rawX: number, rawY: number, note: JsonObject | null): void {
    const eventUs = eventMs * US;
    this.lastMediaUs = this.clock.at(eventUs);
    this.log.push(kind, eventUs, this.lastMediaUs, this.value, rawX, rawY, note);
  }
}
