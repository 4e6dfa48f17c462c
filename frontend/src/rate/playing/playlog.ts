import type { Scope } from "../../base/scope";
import type { Medium } from "../../desk/medium";

/** Seconds of a medium that were played at a stretch. */
export interface Stretch {
  from_s: number;
  to_s: number;
}

/** The same in a submission; `part`: of which part of a group, empty: the item's own. */
export type PlayedStretch = { part: string; from_s: number; to_s: number };

export type Rule = { times?: number; seconds?: number };

const TICK_MS = 200;
const CLOSE_S = 0.05;
// As the server has it: players end a little early, and are asked where they are a few times a second.
const SLACK_S = 1;
const SLACK_SHARE = 0.1;

/** What was played, in that order, repeats included. */
export class PlayLog {
  readonly stretches: Stretch[];
  private open = false;
  private stoodS: number | null = null;

  /** `earlier`: what earlier pages played. */
  constructor(earlier: readonly Stretch[]) {
    this.stretches = earlier.map((one) => ({ ...one }));
  }

  /** The medium stands here, and goes on from here or does not. */
  at(s: number, playing: boolean): void {
    const last = this.stretches.at(-1);
    if (this.open && last && s >= last.to_s) last.to_s = s;
    // That it plays is heard of late; without a leap it began where it stood.
    else if (playing) this.begin(Math.min(this.stoodS ?? s, s), s, last);
    this.open = playing;
    this.stoodS = s;
  }

  /** It goes elsewhere: what lies between was not played. */
  leap(): void {
    this.open = false;
    this.stoodS = null;
  }

  private begin(from_s: number, to_s: number, last: Stretch | undefined): void {
    if (last && Math.abs(last.to_s - from_s) <= CLOSE_S) last.to_s = to_s;
    else this.stretches.push({ from_s, to_s });
  }
}

/** Keeps the log of a medium until the scope ends. */
export function followPlaying(medium: Medium, log: PlayLog, scope: Scope): void {
  const look = () => {
    if (!medium.seeking) log.at(medium.currentTime, !medium.paused && !medium.ended);
  };
  scope.every(TICK_MS, look);
  for (const type of ["playing", "pause", "ended"]) scope.listen(medium, type, look);
  for (const type of ["seeking", "seeked"])
    scope.listen(medium, type, () => {
      log.leap();
      look();
    });
  look();
}

/** Seconds that are still to be played of a medium; 0 where no more is missing than players lose. */
export function leftToPlay({ times = 1, seconds }: Rule, played: readonly Stretch[], lastsS: number): number {
  const onceS = Math.min(seconds ?? lastsS, lastsS);
  const steps = played
    .flatMap(({ from_s, to_s }) => [
      { atS: Math.min(from_s, lastsS), step: 1 },
      { atS: Math.min(to_s, lastsS), step: -1 },
    ])
    .sort((a, b) => a.atS - b.atS);
  let n = 0;
  let heardS = 0;
  for (const [index, { atS, step }] of steps.entries()) {
    n += step;
    heardS += Math.min(n, times) * ((steps[index + 1]?.atS ?? atS) - atS);
  }
  const leftS = onceS * times - heardS;
  return leftS > Math.min(SLACK_S, SLACK_SHARE * onceS) * times ? leftS : 0;
}
