import { useCallback, useEffect, useRef } from "react";

/** Puts something before the title of the tab; nothing, or leaving the page, takes it away again. */
export function useTitle(): (before: string) => void {
  const own = useRef<string | null>(null);
  const set = useCallback((before: string) => {
    own.current ??= document.title;
    document.title = before ? `${before} – ${own.current}` : own.current;
  }, []);
  useEffect(() => () => set(""), [set]);
  return set;
}
