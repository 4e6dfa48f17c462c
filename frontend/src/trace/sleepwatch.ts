/** Longer than this without a call: the server masks what was rated meanwhile. */
const SILENT_MS = 1000;
/** So long a silence is no stutter of a slow machine any more: whoever rates may not be there. */
export const ASLEEP_MS = 2000;

/**
 * Notices that nothing ran for a while: the page was frozen or kept from running, or the machine slept.
 *
 * Called at short, even intervals with both clocks. In sleep the performance clock of most systems stands, so that
 * only the wall clock tells; a wall clock that somebody sets forward looks the same, which costs a pause.
 */
export class SleepWatch {
  private last: readonly [clockMs: number, wallMs: number] | null = null;

  /** Milliseconds of silence since the last call, 0 where that is no more than a late timer. */
  tick(clockMs: number, wallMs: number): number {
    const [clockBefore, wallBefore] = this.last ?? [clockMs, wallMs];
    this.last = [clockMs, wallMs];
    const silentMs = Math.round(Math.max(clockMs - clockBefore, wallMs - wallBefore));
    return silentMs > SILENT_MS ? silentMs : 0;
  }
}
