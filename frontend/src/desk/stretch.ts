import { Scope } from "../base/scope";
import { clamp } from "../trace/padmap";
import { type FramedMedium, framesOf, type OnFrame } from "./frames";
import { type Medium, rangesOf } from "./medium";

const FORWARDED = [
  ...["loadedmetadata", "loadeddata", "durationchange", "progress", "canplay", "canplaythrough", "seeking"],
  ...["seeked", "timeupdate", "play", "playing", "waiting", "pause", "ratechange"],
] as const;
/** Browsers choose pictures one or two refreshes of the screen ahead: halted later, one from after the end is seen. */
const LEAD_S = 0.04;
const LOOK_MS = 250;
const MS_PER_S = 1000;
/** At its end its last picture is shown, so the file stands this much before. */
const HAIR_S = 0.001;
const HAVE_METADATA = 1;

/** A stretch of a file as a medium of its own: it begins at 0, ends at its end, and nothing outside of it is shown. */
export class Stretch extends EventTarget implements Medium {
  readonly file: HTMLMediaElement;
  protected readonly fromS: number;
  private readonly untilS: number;
  private readonly scope = new Scope();
  private over = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `untilS`: null for the end of the file. */
  constructor(file: HTMLMediaElement, fromS: number, untilS: number | null) {
    super();
    this.file = file;
    this.fromS = fromS;
    this.untilS = untilS ?? Number.POSITIVE_INFINITY;
    if (file.readyState >= HAVE_METADATA) this.enter();
    else this.scope.listen(file, "loadedmetadata", () => this.enter(), { once: true });
    // The last of them because timers of a tab that is out of sight come late.
    for (const type of ["play", "playing", "seeked", "timeupdate"])
      this.scope.listen(file, type, () => this.watch());
    for (const type of FORWARDED)
      this.scope.listen(file, type, () => void this.dispatchEvent(new Event(type)));
    this.scope.listen(file, "ended", () => this.finish());
    this.scope.add(() => clearTimeout(this.timer));
    this.watch();
  }

  get currentTime(): number {
    return this.over ? this.duration : clamp(this.file.currentTime - this.fromS, 0, this.duration || 0);
  }

  set currentTime(toS: number) {
    const { duration } = this;
    this.over = toS >= duration;
    const last = (duration || Number.POSITIVE_INFINITY) - HAIR_S;
    this.file.currentTime = this.fromS + clamp(toS, 0, last);
  }

  /** NaN until it is known. */
  get duration(): number {
    return Math.max(0, Math.min(this.untilS, this.file.duration) - this.fromS);
  }

  get readyState(): number {
    // What is decoded before a seek is done may be of another place in the file.
    return this.file.seeking ? Math.min(HAVE_METADATA, this.file.readyState) : this.file.readyState;
  }

  get buffered(): TimeRanges {
    return this.inside(this.file.buffered);
  }

  get played(): TimeRanges {
    return this.inside(this.file.played);
  }

  get paused(): boolean {
    return this.file.paused;
  }

  get ended(): boolean {
    return this.over;
  }

  get seeking(): boolean {
    return this.file.seeking;
  }

  get muted(): boolean {
    return this.file.muted;
  }

  set muted(muted: boolean) {
    this.file.muted = muted;
  }

  get playbackRate(): number {
    return this.file.playbackRate;
  }

  set playbackRate(rate: number) {
    this.file.playbackRate = rate;
  }

  play(): Promise<void> {
    if (this.over) this.currentTime = 0;
    return this.file.play();
  }

  pause(): void {
    this.file.pause();
  }

  dispose(): void {
    this.scope.dispose();
  }

  private enter(): void {
    const { currentTime } = this.file;
    if (currentTime < this.fromS || currentTime > this.fromS + this.duration) this.currentTime = 0;
  }

  private inside(ranges: TimeRanges): TimeRanges {
    const within = (atS: number) => clamp(atS - this.fromS, 0, this.duration);
    const all = Array.from({ length: ranges.length }, (_, i) => [ranges.start(i), ranges.end(i)] as const);
    return rangesOf(
      all.map(([from, to]) => [within(from), within(to)] as const).filter(([from, to]) => to > from),
    );
  }

  /** Halts the file at the end, now or when it is there. */
  private watch(): void {
    clearTimeout(this.timer);
    if (this.file.paused || this.file.seeking) return;
    // A media key started it again.
    if (this.over) this.currentTime = 0;
    const leadS = this.untilS < this.file.duration ? LEAD_S : 0;
    const leftMs = (this.duration - leadS - this.currentTime) * MS_PER_S;
    if (leftMs > 0) {
      this.timer = setTimeout(() => this.watch(), Math.min(leftMs, LOOK_MS));
      return;
    }
    this.file.pause();
    this.finish();
  }

  private finish(): void {
    if (this.over) return;
    this.currentTime = this.duration;
    this.dispatchEvent(new Event("ended"));
  }
}

class FramedStretch extends Stretch implements FramedMedium {
  private readonly follow: (onFrame: OnFrame) => () => void;

  constructor(
    file: HTMLMediaElement,
    fromS: number,
    untilS: number | null,
    follow: (onFrame: OnFrame) => () => void,
  ) {
    super(file, fromS, untilS);
    this.follow = follow;
  }

  followFrames(onFrame: OnFrame): () => void {
    return this.follow((frame) => onFrame({ ...frame, mediaS: frame.mediaS - this.fromS }));
  }
}

/** The stretch of an element's file between two seconds of it; it tells its pictures where the element does. */
export function stretchOf(file: HTMLMediaElement, fromS: number, untilS: number | null): Stretch {
  const follow = framesOf(file);
  return follow ? new FramedStretch(file, fromS, untilS, follow) : new Stretch(file, fromS, untilS);
}
