/** What a wheel event says about itself; `wheelDeltaY` is missing in some browsers. */
export interface WheelFacts {
  deltaY: number;
  deltaMode: number;
  wheelDeltaY?: number;
}

export interface WheelTurn {
  /** Upward turns in notches of a classic wheel; parts of one on a smooth device. */
  notches: number;
  device: "wheel" | "trackpad";
}

const LINE_MODE = 1;
const PAGE_MODE = 2;
/** Browsers report three lines, or about a hundred pixels, for one notch. */
const LINES_PER_NOTCH = 3;
const PIXELS_PER_NOTCH = 100;
/** The unit in which a wheel's own notches are told, where the browser tells them. */
const NOTCH_UNITS = 120;

/**
 * Reads a wheel event as notches, so that a notched wheel, a free one and a touch pad move a value alike.
 *
 * Whole multiples of the notch unit are a classic wheel; anything else in pixels is a touch pad, whose way is
 * measured in pixels.
 */
export function wheelTurn({ deltaY, deltaMode, wheelDeltaY }: WheelFacts, out: WheelTurn): void {
  out.device = "wheel";
  if (deltaMode === LINE_MODE) out.notches = -deltaY / LINES_PER_NOTCH;
  else if (deltaMode === PAGE_MODE) out.notches = -deltaY;
  else if (wheelDeltaY && wheelDeltaY % NOTCH_UNITS === 0) out.notches = wheelDeltaY / NOTCH_UNITS;
  else if (wheelDeltaY === undefined && Math.abs(deltaY) >= PIXELS_PER_NOTCH)
    out.notches = -Math.sign(deltaY);
  else {
    out.device = "trackpad";
    out.notches = -deltaY / PIXELS_PER_NOTCH;
  }
}
