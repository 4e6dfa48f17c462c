import type { Catalogue, Said } from "./words";

const DIGITS = 5;

/**
 * What an English text is called in a catalogue that is sent to a browser, where the text stands in the page already:
 * FNV-1a of its UTF-16 units, in base 36. No two texts of the pages have the same (tested).
 */
export function shortName(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36).padStart(DIGITS, "0").slice(-DIGITS);
}

/** English text -> the same in another language: how catalogues are written. */
export type Written = Readonly<Record<string, Said>>;

/** A catalogue as it is sent. */
export const shortened = (written: Written): Catalogue =>
  Object.fromEntries(Object.entries(written).map(([english, said]) => [shortName(english), said]));
