import { type FramedMedium, RefreshPeriod, type ShownFrame } from "./frames";
import { TimedMedium } from "./medium";

/** What was drawn: the media time that it belongs to, and its number among all that there is to draw. */
export interface Drawn {
  mediaS: number;
  number: number;
}

/** Draws what is due at a media time, at the n-th refresh of the screen; null: it is on the screen already. */
export type Draw = (atS: number, refresh: number) => Drawn | null;

/**
 * A medium whose pictures the page draws, each in the animation frame before the refresh of the screen at which it is
 * due. Its clock is what was drawn, and when.
 */
export class DrawnMedium extends TimedMedium implements FramedMedium {
  private readonly listeners = new Set<(frame: ShownFrame) => void>();
  private readonly refresh = new RefreshPeriod();
  private readonly draw: Draw;
  private moving = false;
  private frame = 0;

  constructor(durationS: number, draw: Draw) {
    super(durationS);
    this.draw = draw;
    this.frame = requestAnimationFrame(this.onFrame);
    this.scope.add(() => cancelAnimationFrame(this.frame));
  }

  followFrames(onFrame: (frame: ShownFrame) => void): () => void {
    this.listeners.add(onFrame);
    return () => void this.listeners.delete(onFrame);
  }

  private readonly onFrame = (atMs: number): void => {
    this.refresh.frame(atMs);
    const shownMs = atMs + this.refresh.ms;
    const mediaS = this.timeAt(shownMs);
    const drawn = this.draw(mediaS, Math.round(shownMs / this.refresh.ms));
    // The first picture of a run may stand there since before; from here on it counts as the time that it is.
    if (this.playing && !this.moving) this.tell({ shownMs, mediaS, number: drawn?.number ?? 0 });
    else if (this.playing && drawn) this.tell({ shownMs, ...drawn });
    this.moving = this.playing;
    this.frame = requestAnimationFrame(this.onFrame);
  };

  private tell(frame: ShownFrame): void {
    for (const listener of this.listeners) listener(frame);
  }
}
