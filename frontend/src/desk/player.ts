import type { JsonObject } from "../api/types";
import { Scope } from "../base/scope";
import { Store } from "../base/store";
import { type PauseReason, type Playback, type PlaybackEvent, playbackStep } from "../trace/playback";
import type { TraceRecorder } from "../trace/recorder";
import { ASLEEP_MS, SleepWatch } from "../trace/sleepwatch";
import { readiness } from "./buffer";
import { ClockFeed } from "./clockfeed";
import { PlaybackLock, samePlace } from "./lock";
import { hearSeekWishes, type Medium } from "./medium";
import { newTally } from "./tally";

const WATCH_MS = 200;
const HAIR_S = 0.001;
const US_PER_S = 1_000_000;
const US_PER_MS = 1000;

/** What the protocol lets the rater do with the medium. */
export interface PlayRules {
  pause: boolean;
  rewind: boolean;
  sound: boolean;
}

/** One rewind goes back this far. */
export const REWIND_S = 5;

const nowMs = (): number => performance.now();

/**
 * Plays a medium for a continuous question: run-in, pause, stalls, hidden tabs; feeds the recorder's clock and
 * writes each interruption into its log. The rater cannot change the speed, and seeks only back, where the rules say so.
 */
export class Player {
  readonly playback = new Store<Playback>({ phase: "loading" });
  /** Loaded part needed before the start, 0..1. */
  readonly buffered = new Store(0);
  readonly tally = newTally();
  private readonly scope = new Scope();
  private readonly watch = new SleepWatch();
  readonly rules: PlayRules;
  private readonly media: Medium;
  private readonly lock: PlaybackLock;
  private readonly feed: ClockFeed;
  private readonly recorder: TraceRecorder;
  private readonly resumeS: number;
  private readonly ended: () => void;
  private stalled = false;
  private countdown: ReturnType<typeof setInterval> | undefined;

  constructor(media: Medium, recorder: TraceRecorder, resumeUs: number, rules: PlayRules, ended: () => void) {
    this.media = media;
    this.rules = rules;
    if (!rules.sound) media.muted = true;
    this.recorder = recorder;
    recorder.screen = this.tally;
    this.resumeS = resumeUs / US_PER_S;
    this.ended = ended;
    this.lock = new PlaybackLock(media, this.scope, {
      speed: (rate) => this.noteLock({ why: "rate", rate }),
      place: (toS) => this.onMoved(toS),
    });
    this.listen();
    const playing = () => this.playback.get().phase === "playing";
    this.feed = new ClockFeed(media, recorder.clock, this.tally, this.scope, playing);
    this.seekToStart();
  }

  get positionS(): number {
    return this.media.currentTime;
  }

  get durationS(): number {
    return Number.isFinite(this.media.duration) ? this.media.duration : 0;
  }

  /** True between the first run-in and the end: moves of the dot count. */
  get live(): boolean {
    const { phase } = this.playback.get();
    return phase === "playing" || phase === "stalled" || phase === "countdown";
  }

  /** True while the trace has begun and not ended: heartbeats are due. */
  get recording(): boolean {
    const { phase } = this.playback.get();
    return phase !== "loading" && phase !== "ready" && phase !== "ended";
  }

  go(): void {
    if (document.hidden) return;
    // Timers of a tab that was out of sight come late: what they did not see is no sleep of this run.
    this.checkAwake();
    if (this.change({ type: "go" })) this.countDown();
  }

  pause(why: PauseReason, silentMs = 0): void {
    if (!this.change({ type: "halt", why })) return;
    this.tally.pauses += 1;
    const at = nowMs();
    this.media.pause();
    if (silentMs > 0) this.stayHere();
    this.stand();
    if (silentMs > 0) this.recorder.mark("stall", at, { why, silent_ms: silentMs });
    this.recorder.mark("pause", at, { why });
  }

  /** Notes when nothing could be rated for a while, and stops after a long one: perhaps nobody is there. */
  checkAwake(): void {
    const silentMs = this.watch.tick(nowMs(), Date.now());
    if (silentMs === 0 || !this.live) return;
    if (silentMs <= ASLEEP_MS) {
      this.recorder.mark("stall", nowMs(), { why: "busy", silent_ms: silentMs });
      return;
    }
    this.tally.asleep += 1;
    this.pause("asleep", silentMs);
  }

  /** Space: start, pause or continue, whichever is possible and allowed. */
  toggle(): void {
    if (!this.live) this.go();
    else if (this.rules.pause) this.pause("rater");
  }

  /** Back by a few seconds. */
  rewind(): void {
    this.goBack(this.media.currentTime - REWIND_S, "rewind");
  }

  /** Back to a second, after which the rater continues; what is rated then replaces what was. */
  private goBack(toS: number, why: "rewind" | "controls"): boolean {
    const { phase } = this.playback.get();
    if (!this.rules.rewind || !(this.live || phase === "paused") || toS >= this.clockS) return false;
    this.change({ type: "halt", why: "rewind" });
    this.media.pause();
    this.lock.moveTo(Math.max(0, toS));
    this.stand();
    this.tally.rewinds += 1;
    this.recorder.mark("seek", nowMs(), { to_us: Math.round(this.media.currentTime * US_PER_S), why });
    return true;
  }

  /** What has been shown until now. */
  private get clockS(): number {
    return this.recorder.clock.at(nowMs() * US_PER_MS) / US_PER_S;
  }

  /** The browser's own controls go back where the rater may; anything else is undone, and the rater told. */
  private onMoved(toS: number): void {
    const shownS = this.clockS;
    const { phase } = this.playback.get();
    if (phase === "loading" || phase === "ended" || samePlace(toS, shownS)) return;
    if (this.goBack(toS, "controls")) return;
    this.lock.moveTo(shownS);
    this.stand();
    this.noteLock({ why: "seek", to_us: Math.round(toS * US_PER_S) });
    this.pause("moved");
  }

  private noteLock(note: JsonObject): void {
    if (this.recording) this.recorder.mark("lock_lost", nowMs(), note);
  }

  dispose(): void {
    this.scope.dispose();
    clearInterval(this.countdown);
    this.media.pause();
  }

  played(): JsonObject {
    const { played } = this.media;
    const ranges = Array.from({ length: played.length }, (_, i) => [played.start(i), played.end(i)]);
    return { ranges_s: ranges, duration_s: this.durationS, muted: this.media.muted, ...this.tally };
  }

  private change(event: PlaybackEvent): boolean {
    const before = this.playback.get();
    this.playback.set(playbackStep(before, event));
    return this.playback.get() !== before;
  }

  /**
   * After a sleep a browser may find out only later how far the medium went: it is held to what was shown.
   * A hair before it, because a browser leaves out a seek to where it believes to stand already.
   */
  private stayHere(): void {
    this.lock.moveTo(Math.max(0, this.media.currentTime - HAIR_S));
  }

  private stand(): void {
    this.recorder.clock.hold(this.media.currentTime * US_PER_S);
  }

  private countDown(): void {
    clearInterval(this.countdown);
    this.countdown = setInterval(() => {
      this.change({ type: "second" });
      const state = this.playback.get();
      if (state.phase === "countdown" && state.left > 0) return;
      clearInterval(this.countdown);
      if (state.phase === "countdown") this.media.play().catch(() => this.pause("blocked"));
    }, 1000);
  }

  private seekToStart(): void {
    const seek = () => {
      if (this.durationS > 0) this.recorder.clock.endUs = this.durationS * US_PER_S;
      if (this.resumeS > 0) {
        this.lock.moveTo(Math.min(this.resumeS, Math.max(0, this.durationS - 0.05)));
        this.recorder.clock.hold(this.media.currentTime * US_PER_S);
        this.recorder.mark("seek", nowMs(), {
          to_us: Math.round(this.media.currentTime * US_PER_S),
          why: "reload",
        });
      } else {
        // A second pass over the same medium finds it at its end.
        if (this.media.currentTime > 0) this.lock.moveTo(0);
        this.stand();
      }
      this.checkLoaded();
    };
    if (this.media.readyState >= HTMLMediaElement.HAVE_METADATA) seek();
    else this.scope.listen(this.media, "loadedmetadata", seek, { once: true });
  }

  private checkLoaded(): void {
    if (this.media.readyState < HTMLMediaElement.HAVE_METADATA) return;
    const { part, ready } = readiness(this.media);
    this.buffered.set(part);
    if (ready) this.change({ type: "loaded", resumed: this.resumeS > 0 });
  }

  private listen(): void {
    const { media, scope } = this;
    for (const type of ["progress", "canplay", "canplaythrough", "loadeddata", "seeked"]) {
      scope.listen(media, type, () => this.checkLoaded());
    }
    scope.listen(media, "playing", (event) => this.onPlaying(event.timeStamp));
    scope.listen(media, "waiting", (event) => this.onWaiting(event.timeStamp));
    scope.listen(media, "pause", () => {
      // The browser or a media key paused it, not we.
      if (!media.ended && this.playback.get().phase === "playing") this.pause("blocked");
    });
    scope.listen(media, "ended", (event) => this.onEnded(event.timeStamp));
    scope.listen(document, "visibilitychange", (event) => this.onVisibility(event.timeStamp));
    hearSeekWishes(media, scope, (toS) => this.goBack(toS, "rewind"));
    scope.every(WATCH_MS, () => this.checkAwake());
  }

  private onPlaying(atMs: number): void {
    const { phase } = this.playback.get();
    // A media key or the browser started it; only the run-in may.
    if (phase === "paused" || phase === "ready") {
      this.media.pause();
      return;
    }
    const resumed = this.stalled;
    this.stalled = false;
    if (!this.change({ type: "playing" })) return;
    this.feed.restart(this.media.playbackRate);
    this.recorder.mark(resumed ? "resume" : "play", atMs);
  }

  private onWaiting(atMs: number): void {
    if (!this.change({ type: "waiting" })) return;
    this.stalled = true;
    this.tally.stalls += 1;
    this.stand();
    this.recorder.mark("stall", atMs);
  }

  private onEnded(atMs: number): void {
    this.checkAwake();
    this.recorder.clock.hold(this.durationS * US_PER_S);
    if (!this.change({ type: "ended" })) return;
    this.recorder.heartbeat(atMs);
    this.ended();
  }

  private onVisibility(atMs: number): void {
    if (!this.recording) return;
    if (document.hidden) {
      this.tally.hidden += 1;
      this.recorder.mark("hidden", atMs);
      this.pause("hidden");
    } else {
      this.recorder.mark("visible", atMs);
    }
  }
}
