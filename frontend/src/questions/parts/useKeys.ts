import { type RefObject, useLayoutEffect } from "react";

/** What a key does; undefined: nothing here. Letters are small; with Ctrl or Cmd they begin with `mod+`. */
export type KeyActions = Readonly<Record<string, (() => void) | undefined | null>>;

function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const parts = [event.ctrlKey || event.metaKey ? "mod" : "", event.altKey ? "alt" : ""];
  if (event.shiftKey && (event.key.length > 1 || /[a-z]/i.test(event.key))) parts.push("shift");
  return [...parts.filter(Boolean), key].join("+");
}

/** Keys that work while the focus is inside `place`, but not while something is being written or picked there. */
export function useKeys(place: RefObject<HTMLElement | null>, actions: KeyActions): void {
  // At once with what is shown: a key pressed just then must not do what held for what was shown before.
  useLayoutEffect(() => {
    const node = place.current;
    const onKey = (event: KeyboardEvent) => {
      if (
        event.defaultPrevented ||
        (event.target as HTMLElement).closest("select, textarea, input[type=text]")
      )
        return;
      const action = actions[nameOf(event)];
      if (!action) return;
      event.preventDefault();
      action();
    };
    node?.addEventListener("keydown", onKey);
    return () => node?.removeEventListener("keydown", onKey);
  });
}
