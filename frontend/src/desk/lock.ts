import type { Scope } from "../base/scope";
import type { Medium } from "./medium";

/** Places nearer than this are the same one. */
const SAME_PLACE_S = 0.02;

/** What something does that is no part of this page: the browser's own controls, media keys, an extension. */
export interface Intrusions {
  speed(rate: number): void;
  place(toS: number): void;
}

export const samePlace = (a: number, b: number): boolean => Math.abs(a - b) < SAME_PLACE_S;

/** Keeps a medium at its own speed, and tells when anything but this lock moves it. */
export class PlaybackLock {
  private readonly media: Medium;
  /** Where this lock is moving the medium to, while it does. */
  private ownS = Number.NaN;

  constructor(media: Medium, scope: Scope, intrusions: Intrusions) {
    this.media = media;
    scope.listen(media, "ratechange", () => {
      const rate = media.playbackRate;
      if (rate === 1) return;
      media.playbackRate = 1;
      intrusions.speed(rate);
    });
    scope.listen(media, "seeking", () => {
      if (!samePlace(media.currentTime, this.ownS)) intrusions.place(media.currentTime);
    });
    scope.listen(media, "seeked", () => {
      this.ownS = Number.NaN;
    });
  }

  moveTo(toS: number): void {
    this.ownS = toS;
    this.media.currentTime = toS;
  }
}
