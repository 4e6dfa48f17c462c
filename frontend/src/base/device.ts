import type { JsonObject } from "../api/types";

/** What the ratings were made on, as coarse as it is useful: no browser fingerprint. */
export function deviceFacts(): JsonObject {
  return {
    pointer: window.matchMedia("(pointer: coarse)").matches ? "coarse" : "fine",
    viewport: [window.innerWidth, window.innerHeight],
    pixel_ratio: window.devicePixelRatio,
    language: navigator.language,
  };
}
