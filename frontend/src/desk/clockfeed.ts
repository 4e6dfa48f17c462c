import type { Scope } from "../base/scope";
import type { MediaClock } from "../trace/clock";
import { framesOf } from "./frames";
import type { Medium } from "./medium";
import type { Tally } from "./tally";

const READ_MS = 100;
const US_PER_S = 1_000_000;
const US_PER_MS = 1000;

/** Shows the media clock each picture of a medium, and counts them while it plays. */
export class ClockFeed {
  private readonly clock: MediaClock;
  private readonly tally: Tally;
  private readonly playing: () => boolean;
  private lastPresented = 0;

  constructor(media: Medium, clock: MediaClock, tally: Tally, scope: Scope, playing: () => boolean) {
    this.clock = clock;
    this.tally = tally;
    this.playing = playing;
    const follow = framesOf(media);
    if (!follow) {
      scope.every(READ_MS, () => this.readTime(media));
      return;
    }
    const end = follow(({ shownMs, mediaS, number }) => {
      if (playing()) this.count(number);
      clock.observe(shownMs * US_PER_MS, mediaS * US_PER_S);
    });
    scope.add(end);
  }

  /** The medium begins to move: pictures between the last one and the next were not due. */
  restart(rate: number): void {
    this.lastPresented = 0;
    this.clock.start(rate);
  }

  private count(presented: number): void {
    if (this.lastPresented > 0) this.tally.frames_missed += Math.max(0, presented - this.lastPresented - 1);
    this.tally.frames_shown += 1;
    this.lastPresented = presented;
  }

  /** Sound alone has no frames to follow: `currentTime` is read often and the fit evens out its steps. */
  private readTime(media: Medium): void {
    if (!this.playing() || media.seeking) return;
    this.clock.observe(performance.now() * US_PER_MS, media.currentTime * US_PER_S);
  }
}
