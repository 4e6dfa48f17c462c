/** What was there before, and what was taken back; the present stands elsewhere. */
export interface Undo<T> {
  past: readonly T[];
  future: readonly T[];
}

const MOST_STEPS = 100;

export const nothingDone = { past: [], future: [] } as const;

/** A change was made to `present`: it can be taken back, and what had been taken back is gone. */
export const done = <T>(undo: Undo<T>, present: T): Undo<T> => ({
  past: [...undo.past, present].slice(-MOST_STEPS),
  future: [],
});

/** One step back: the new history and what is present again; null at the beginning. */
export function back<T>({ past, future }: Undo<T>, present: T): [Undo<T>, T] | null {
  if (past.length === 0) return null;
  return [{ past: past.slice(0, -1), future: [present, ...future] }, past[past.length - 1] as T];
}

/** One step forward again; null at the end. */
export function forth<T>({ past, future }: Undo<T>, present: T): [Undo<T>, T] | null {
  if (future.length === 0) return null;
  return [{ past: [...past, present], future: future.slice(1) }, future[0] as T];
}
