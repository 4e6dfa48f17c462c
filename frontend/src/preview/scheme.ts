import type { Scheme } from "./messages";

const WISH = /prefers-color-scheme:\s*dark/;

/** Rules for the dark, as found; afterwards their condition is gone. */
const dark = new Set<CSSMediaRule>();

/** The page looks as it does for somebody who prefers this scheme, whatever the researcher herself prefers. */
export function wear(scheme: Scheme): void {
  document.documentElement.style.colorScheme = scheme;
  for (const sheet of document.styleSheets) {
    for (const rule of sheet.cssRules) {
      if (rule instanceof CSSMediaRule && WISH.test(rule.conditionText)) dark.add(rule);
    }
  }
  for (const rule of dark) rule.media.mediaText = scheme === "dark" ? "all" : "not all";
}
