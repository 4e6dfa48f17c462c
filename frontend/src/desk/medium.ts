import { Scope } from "../base/scope";

/** What a player needs of whatever it plays; every `HTMLMediaElement` has it. */
export type Medium = EventTarget &
  Pick<
    HTMLMediaElement,
    | "currentTime"
    | "duration"
    | "readyState"
    | "buffered"
    | "playbackRate"
    | "played"
    | "muted"
    | "paused"
    | "ended"
    | "seeking"
    | "play"
    | "pause"
  >;

/** The element that plays a medium, which may be a part of what it can play; null where none does. */
export function elementOf(media: Medium): HTMLMediaElement | null {
  if (media instanceof HTMLMediaElement) return media;
  return "file" in media ? (media.file as HTMLMediaElement) : null;
}

const SEEK_WISH = "seekwish";

/** Asks whoever plays the medium to go to another second of it, which is done where the rules of playing allow it. */
export const wishSeek = (medium: Medium, toS: number): void =>
  void medium.dispatchEvent(new CustomEvent(SEEK_WISH, { detail: toS }));

/** Hears such wishes until the scope ends. */
export const hearSeekWishes = (medium: Medium, scope: Scope, onWish: (toS: number) => void): void =>
  scope.listen(medium, SEEK_WISH, (event) => onWish((event as CustomEvent<number>).detail));

const TICK_MS = 50;
const MS_PER_S = 1000;
const HAVE_ENOUGH_DATA = 4;

export function rangesOf(list: readonly (readonly [number, number])[]): TimeRanges {
  const at = (index: number) => {
    const found = list[index];
    if (!found) throw new RangeError(`There is no range ${index}.`);
    return found;
  };
  return { length: list.length, start: (index) => at(index)[0], end: (index) => at(index)[1] };
}

/**
 * Time itself as a medium: something that the page makes, such as a picture whose brightness follows a curve, is
 * shown at `currentTime`. It plays, halts and ends like a film, on the performance clock.
 */
export class TimedMedium extends EventTarget implements Medium {
  readonly duration: number;
  readonly readyState = HAVE_ENOUGH_DATA;
  readonly seeking = false;
  playbackRate = 1;
  muted = false;
  protected readonly scope = new Scope();
  private readonly past: [number, number][] = [];
  private fromS = 0;
  private sinceMs: number | null = null;

  constructor(durationS: number) {
    super();
    this.duration = durationS;
    this.scope.every(TICK_MS, () => this.checkEnd());
  }

  get currentTime(): number {
    return this.timeAt(performance.now());
  }

  /** Media time at a moment of the performance clock, if it goes on as it does. */
  timeAt(clockMs: number): number {
    const { sinceMs } = this;
    const moved = sinceMs === null ? 0 : Math.max(0, clockMs - sinceMs) / MS_PER_S;
    return Math.min(this.duration, this.fromS + moved);
  }

  set currentTime(toS: number) {
    this.halt();
    this.fromS = toS;
    this.dispatchEvent(new Event("seeked"));
  }

  get playing(): boolean {
    return this.sinceMs !== null;
  }

  get paused(): boolean {
    return !this.playing;
  }

  get ended(): boolean {
    return this.currentTime >= this.duration;
  }

  get buffered(): TimeRanges {
    return rangesOf([[0, this.duration]]);
  }

  get played(): TimeRanges {
    return rangesOf(this.past);
  }

  async play(): Promise<void> {
    if (this.playing) return;
    if (this.ended) this.currentTime = 0;
    this.sinceMs = performance.now();
    this.dispatchEvent(new Event("playing"));
  }

  pause(): void {
    if (!this.playing) return;
    this.halt();
    this.dispatchEvent(new Event("pause"));
  }

  dispose(): void {
    this.halt();
    this.scope.dispose();
  }

  private halt(): void {
    const atS = this.currentTime;
    if (this.playing) this.past.push([this.fromS, atS]);
    this.fromS = atS;
    this.sinceMs = null;
  }

  private checkEnd(): void {
    if (!this.playing || !this.ended) return;
    this.halt();
    this.dispatchEvent(new Event("ended"));
  }
}
