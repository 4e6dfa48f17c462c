import { useEffect } from "react";

/** Calls back on `?`, except while text is being typed. */
export function useHelpKey(show: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== "?" || target.closest("textarea, input[type=text], dialog")) return;
      event.preventDefault();
      show();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}
