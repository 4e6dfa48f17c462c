/** A protocol's text as it is edited: where its lines are, and what a copy of a preset begins as. */

import type { JsonValue } from "../../api/types";

/** Where a line, from 1, begins and ends in the text; the end of the text for a line behind it. */
export function lineSpan(text: string, line: number): [number, number] {
  let start = 0;
  for (let number = 1; number < line; number++) {
    const end = text.indexOf("\n", start);
    if (end < 0) return [text.length, text.length];
    start = end + 1;
  }
  const end = text.indexOf("\n", start);
  return [start, end < 0 ? text.length : end];
}

export const lineCount = (text: string): number => text.split("\n").length;

/** A copy has a name of its own; the preset's stays with the preset. */
export const ownCopy = (text: string): string => text.replace(/^name = "([^"\n]+)"/m, 'name = "my-$1"');

/** Each reason in a refusal's details, with the way to what it is about. */
export function reasonsIn(details: JsonValue, at = ""): string[] {
  if (Array.isArray(details)) return details.flatMap((inner) => reasonsIn(inner, at));
  if (typeof details === "object" && details !== null)
    return Object.entries(details).flatMap(([key, inner]) => reasonsIn(inner, at ? `${at}.${key}` : key));
  return [at ? `${at}: ${details}` : String(details)];
}
