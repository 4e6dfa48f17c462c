import type { Answer } from "./drafts";

/** Measures how long a question was in sight of the rater; hidden time does not count. */
export class SightTimer {
  private sinceMs: number | null;
  private sumMs = 0;
  private readonly startMs: number;

  constructor(nowMs: number, visible: boolean) {
    this.startMs = nowMs;
    this.sinceMs = visible ? nowMs : null;
  }

  visibility(nowMs: number, visible: boolean): void {
    if (this.sinceMs !== null) this.sumMs += nowMs - this.sinceMs;
    this.sinceMs = visible ? nowMs : null;
  }

  activeMs(nowMs: number): number {
    return this.sumMs + (this.sinceMs === null ? 0 : nowMs - this.sinceMs);
  }

  sinceShownMs(nowMs: number): number {
    return nowMs - this.startMs;
  }
}

/** The answer after the rater changed something: `before` is the sight time of earlier pages. */
export function touchedAnswer(
  answer: Answer,
  timer: SightTimer,
  before: number,
  nowMs: number,
  now: Date,
): Answer {
  return {
    ...answer,
    answered_at: now.toISOString(),
    first_input_ms: answer.first_input_ms ?? timer.sinceShownMs(nowMs),
    active_ms: before + timer.activeMs(nowMs),
  };
}
