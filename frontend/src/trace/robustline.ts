/** A line `media = a + b * event` through observations of which some came late; times in µs. */
export interface Line {
  a_us: number;
  b: number;
  /** RMS distance (µs of media) of the observations that carry the line. */
  residual_us: number;
  /** Share 0..1 of the observations that do not carry it: late, or of a disturbance. */
  off: number;
}

/** The line is where this share of the observations lies closest together. */
const CORE = 0.4;
/** On-time frames spread over one refresh of a 60 Hz screen; what is further from the core's middle is late. */
const ON_TIME_US = 12_000;
/** A free slope needs this many points over this span; before that the nominal playback rate is the slope. */
const FREE_SLOPE_POINTS = 30;
const FREE_SLOPE_SPAN_US = 1_000_000;
/** A fitted slope further from the playback rate than this is a fault of the points, not of the clock. */
const SLOPE_TOLERANCE = 0.005;
const ROUNDS = 3;

/**
 * Fits lines without allocating, so that each frame may ask for one.
 *
 * A frame can reach the screen late and never early, and on a busy machine more than half of them may: neither mean
 * nor median is then the clock. Late ones scatter while on-time ones agree, so the line goes through the densest part
 * of the residuals (the shorth), and its slope is that of the points near it (a least trimmed squares fit whose first
 * slope is the playback rate).
 */
export class RobustLine {
  private readonly sorted: Float64Array;

  constructor(capacity: number) {
    this.sorted = new Float64Array(capacity);
  }

  fit(eventUs: Float64Array, mediaUs: Float64Array, count: number, rate: number): Line {
    const origin = eventUs[0] as number;
    let b = rate;
    const core = this.densest(eventUs, mediaUs, count, origin, b);
    const reach = Math.max(ON_TIME_US, core.width / 2);
    let { centre } = core;
    for (let round = 0; round < ROUNDS; round++) {
      const near = new Near(eventUs, mediaUs, count, { origin, b, centre, reach });
      const slope = near.slope;
      const free = near.count >= FREE_SLOPE_POINTS && near.span >= FREE_SLOPE_SPAN_US;
      if (!free || Math.abs(slope / rate - 1) > SLOPE_TOLERANCE) {
        centre = near.centre;
        continue;
      }
      b = slope;
      centre = near.meanMedia - b * near.meanEvent;
    }
    const near = new Near(eventUs, mediaUs, count, { origin, b, centre, reach });
    return { a_us: centre - b * origin, b, residual_us: near.rms, off: 1 - near.count / count };
  }

  /** Middle of the shortest interval that holds the core of the residuals; of equals the earliest frames win. */
  private densest(eventUs: Float64Array, mediaUs: Float64Array, count: number, origin: number, b: number) {
    const residuals = this.sorted.subarray(0, count);
    for (let i = 0; i < count; i++)
      residuals[i] = (mediaUs[i] as number) - b * ((eventUs[i] as number) - origin);
    residuals.sort();
    const reach = Math.ceil(CORE * count) - 1;
    let best = count - 1 - reach;
    let width = Number.POSITIVE_INFINITY;
    for (let low = best; low >= 0; low--) {
      const across = (residuals[low + reach] as number) - (residuals[low] as number);
      if (across < width) [best, width] = [low, across];
    }
    return { centre: ((residuals[best] as number) + (residuals[best + reach] as number)) / 2, width };
  }
}

/** Sums over the observations close to a line. */
class Near {
  count = 0;
  meanEvent = 0;
  meanMedia = 0;
  span = 0;
  slope = Number.NaN;
  /** Intercept that centres the line among them. */
  centre: number;
  rms = 0;

  constructor(
    eventUs: Float64Array,
    mediaUs: Float64Array,
    count: number,
    line: { origin: number; b: number; centre: number; reach: number },
  ) {
    const { origin, b, centre, reach } = line;
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    let events = 0;
    let offs = 0;
    let eventSquares = 0;
    let products = 0;
    let offSquares = 0;
    for (let i = 0; i < count; i++) {
      const event = (eventUs[i] as number) - origin;
      const off = (mediaUs[i] as number) - b * event - centre;
      if (Math.abs(off) > reach) continue;
      this.count += 1;
      first = Math.min(first, event);
      last = Math.max(last, event);
      events += event;
      offs += off;
      eventSquares += event * event;
      products += event * off;
      offSquares += off * off;
    }
    const n = Math.max(1, this.count);
    const meanOff = offs / n;
    this.meanEvent = events / n;
    this.meanMedia = centre + b * this.meanEvent + meanOff;
    this.span = last - first;
    this.slope = b + (products / n - this.meanEvent * meanOff) / (eventSquares / n - this.meanEvent ** 2);
    this.centre = centre + meanOff;
    this.rms = Math.sqrt(offSquares / n);
  }
}
