import { RobustLine } from "./robustline";

/** The linear model `media_us = a_us + b * event_us` of one stretch of playing, as it is stored in a chunk. */
export interface ClockFit {
  a_us: number;
  b: number;
  /** RMS distance (µs of media) of the frames that carry the line. */
  residual_us: number;
  /** Frames the fit has seen. */
  n: number;
  /** Share 0..1 of them that came late and do not carry the line. */
  late: number;
}

const WINDOW = 240;
/** This many observations in a row, this far off the line and in agreement: the medium halted without saying so. */
const HALT_POINTS = 5;
const HALT_US = 40_000;
const HALT_SPREAD_US = 20_000;

/**
 * Tells the media time of any moment of the performance clock.
 *
 * While playing it is a line fitted to the last frames shown (media time of the frame against the time it reached
 * the screen), which frames that a busy machine showed late do not bend; while paused, seeking or stalled the media time stands still. Each new stretch starts a new fit.
 */
export class MediaClock {
  private readonly eventUs = new Float64Array(WINDOW);
  private readonly mediaUs = new Float64Array(WINDOW);
  private count = 0;
  private cursor = 0;
  private rate = 1;
  private heldUs = Number.NaN;
  private playing = false;
  private fitted: ClockFit | null = null;
  private strays = 0;
  private strayLow = 0;
  private strayHigh = 0;
  private readonly line = new RobustLine(WINDOW);
  /** No medium lasts longer than this; known once its length is. */
  endUs = Number.POSITIVE_INFINITY;

  /** The fit of the present stretch of playing, or of the last one. */
  get fit(): ClockFit | null {
    return this.fitted;
  }

  get running(): boolean {
    return this.playing;
  }

  /** Media stands still at `mediaUs`. */
  hold(mediaUs: number): void {
    this.playing = false;
    this.heldUs = mediaUs;
  }

  /** Media moves again; the points of earlier stretches do not count any more. */
  start(rate = 1): void {
    this.playing = true;
    this.rate = rate;
    this.clear();
  }

  /** One observation: the frame (or sound) of `mediaUs` was out at `eventUs`. */
  observe(eventUs: number, mediaUs: number): void {
    if (!this.playing) return;
    this.watch(eventUs, mediaUs);
    this.add(eventUs, mediaUs);
    if (this.strays === HALT_POINTS) this.keepNewest(HALT_POINTS);
    const { off, ...line } = this.line.fit(this.eventUs, this.mediaUs, this.count, this.rate);
    this.fitted = { ...line, n: this.count, late: off };
  }

  /** Media time at `eventUs`, or NaN before anything is known. */
  at(eventUs: number): number {
    if (!this.playing || this.count === 0 || this.fitted === null) return this.heldUs;
    // Never before the point where this stretch began: an event older than the first frame belongs to it.
    const media = this.fitted.a_us + this.fitted.b * eventUs;
    return Math.min(Number.isNaN(this.heldUs) ? media : Math.max(media, this.heldUs), this.endUs);
  }

  /** Counts frames that are off the line by the same time: one late frame is noise, a row that agrees is a halt. */
  private watch(eventUs: number, mediaUs: number): void {
    if (this.count === 0 || this.fitted === null) return;
    const off = mediaUs - this.fitted.a_us - this.fitted.b * eventUs;
    const low = this.strays > 0 ? Math.min(this.strayLow, off) : off;
    const high = this.strays > 0 ? Math.max(this.strayHigh, off) : off;
    if (Math.abs(off) <= HALT_US) this.strays = 0;
    else if (high - low > HALT_SPREAD_US) [this.strays, this.strayLow, this.strayHigh] = [1, off, off];
    else [this.strays, this.strayLow, this.strayHigh] = [this.strays + 1, low, high];
  }

  private clear(): void {
    this.count = 0;
    this.cursor = 0;
    this.strays = 0;
  }

  private add(eventUs: number, mediaUs: number): void {
    this.eventUs[this.cursor] = eventUs;
    this.mediaUs[this.cursor] = mediaUs;
    this.cursor = (this.cursor + 1) % WINDOW;
    this.count = Math.min(this.count + 1, WINDOW);
  }

  private keepNewest(points: number): void {
    const places = Array.from({ length: points }, (_, i) => (this.cursor - points + i + WINDOW) % WINDOW);
    const kept = places.map((at) => [this.eventUs[at] as number, this.mediaUs[at] as number] as const);
    this.clear();
    for (const [eventUs, mediaUs] of kept) this.add(eventUs, mediaUs);
  }
}
