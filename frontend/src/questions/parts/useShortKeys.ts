import { type RefObject, useLayoutEffect } from "react";

/** Calls `take` with 0 for the key 1, and so on, while the focus is in this question or, for the primary, in no other. */
export function useShortKeys(
  section: RefObject<HTMLElement | null>,
  primary: boolean,
  take: (place: number) => void,
): void {
  // At once with what is shown: a key pressed just then must not do what held for what was shown before.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const focused = target.closest(".question");
      if (focused ? focused !== section.current : !primary) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (target.closest("textarea, select, dialog, input[type=text], input[type=number]")) return;
      if (/^[1-9]$/.test(event.key)) take(Number(event.key) - 1);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}
