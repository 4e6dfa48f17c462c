/** The linear model `media_us = a_us + b * event_us` of one stretch of playing, as it is stored in a chunk. */
export interface ClockFit {
  a_us: number;
  b: number;
  residual_us: number;
  n: number;
}

const WINDOW = 240;
/** A free slope needs this many points over this span; before that the nominal playback rate is the slope. */
const FREE_SLOPE_POINTS = 30;
const FREE_SLOPE_SPAN_US = 1_000_000;
/** A fitted slope further from the playback rate than this is a fault of the points, not of the clock. */
const SLOPE_TOLERANCE = 0.005;
/** This many observations in a row this far off the line: the medium halted without saying so. */
const HALT_POINTS = 3;
const HALT_US = 60_000;

/**
 * Tells the media time of any moment of the performance clock.
 *
 * While playing it is a line fitted to the last frames shown (media time of the frame against the time it reached
 * the screen); while paused, seeking or stalled the media time stands still. Each new stretch starts a new fit.
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
    const off = this.count > 0 && this.fitted ? mediaUs - this.fitted.a_us - this.fitted.b * eventUs : 0;
    this.strays = Math.abs(off) > HALT_US ? this.strays + 1 : 0;
    this.add(eventUs, mediaUs);
    if (this.strays === HALT_POINTS) this.keepNewest(HALT_POINTS);
    this.refit();
  }

  /** Media time at `eventUs`, or NaN before anything is known. */
  at(eventUs: number): number {
    if (!this.playing || this.count === 0 || this.fitted === null) return this.heldUs;
    // Never before the point where this stretch began: an event older than the first frame belongs to it.
    const media = this.fitted.a_us + this.fitted.b * eventUs;
    return Math.min(Number.isNaN(this.heldUs) ? media : Math.max(media, this.heldUs), this.endUs);
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

  private refit(): void {
    const { count } = this;
    let meanEvent = 0;
    let meanMedia = 0;
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      const event = this.eventUs[i] as number;
      meanEvent += event / count;
      meanMedia += (this.mediaUs[i] as number) / count;
      first = Math.min(first, event);
      last = Math.max(last, event);
    }
    const free = count >= FREE_SLOPE_POINTS && last - first >= FREE_SLOPE_SPAN_US;
    const b = free ? this.slope(meanEvent, meanMedia) : this.rate;
    const a_us = meanMedia - b * meanEvent;
    this.fitted = { a_us, b, residual_us: this.residual(meanEvent, meanMedia, b), n: count };
  }

  private slope(meanEvent: number, meanMedia: number): number {
    let covariance = 0;
    let variance = 0;
    for (let i = 0; i < this.count; i++) {
      const event = (this.eventUs[i] as number) - meanEvent;
      covariance += event * ((this.mediaUs[i] as number) - meanMedia);
      variance += event * event;
    }
    const slope = covariance / variance;
    return Math.abs(slope / this.rate - 1) <= SLOPE_TOLERANCE ? slope : this.rate;
  }

  private residual(meanEvent: number, meanMedia: number, b: number): number {
    let sum = 0;
    for (let i = 0; i < this.count; i++) {
      const error = (this.mediaUs[i] as number) - meanMedia - b * ((this.eventUs[i] as number) - meanEvent);
      sum += error * error;
    }
    return Math.sqrt(sum / this.count);
  }
}
