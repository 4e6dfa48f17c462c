import { useState } from "react";
import { back, done, forth, nothingDone, type Undo } from "./undo";
import type { KeyActions } from "./useKeys";

/** What can be taken back and done again now; null: nothing. */
export interface Steps {
  undo: (() => void) | null;
  redo: (() => void) | null;
}

export interface Undoing<T> extends Steps {
  change(next: T): void;
}

export const undoKeys = ({ undo, redo }: Steps): KeyActions => ({
  "mod+z": undo,
  "mod+y": redo,
  "mod+shift+z": redo,
});

/** Changes to a value that stands elsewhere, which can be taken back as long as the page is open. */
export function useUndo<T>(present: T, onChange: (value: T) => void): Undoing<T> {
  const [steps, setSteps] = useState<Undo<T>>(nothingDone);
  const move = (found: [Undo<T>, T] | null) => {
    if (!found) return null;
    return () => {
      setSteps(found[0]);
      onChange(found[1]);
    };
  };
  return {
    change(next) {
      setSteps(done(steps, present));
      onChange(next);
    },
    undo: move(back(steps, present)),
    redo: move(forth(steps, present)),
  };
}
