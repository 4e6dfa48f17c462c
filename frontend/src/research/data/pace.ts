/** How much was done at a moment (milliseconds). */
export interface Mark {
  at_ms: number;
  done: number;
}

export interface Pace {
  rate_per_s: number;
  remaining_s: number;
}

const WINDOW_MS = 30_000;

/** The marks that still count, with a new one. A falling count is another piece of work: it starts afresh. */
export function withMark(marks: readonly Mark[], mark: Mark): Mark[] {
  const last = marks.at(-1);
  if (last && mark.done < last.done) return [mark];
  return [...marks.filter((old) => mark.at_ms - old.at_ms <= WINDOW_MS), mark];
}

/** Speed over the last half minute, and how long the rest takes at it; null before there is any progress. */
export function paceOf(marks: readonly Mark[], total: number): Pace | null {
  const first = marks[0];
  const last = marks.at(-1);
  if (!first || !last || last.at_ms <= first.at_ms || last.done <= first.done) return null;
  const rate_per_s = ((last.done - first.done) / (last.at_ms - first.at_ms)) * 1000;
  return { rate_per_s, remaining_s: Math.max(0, total - last.done) / rate_per_s };
}
