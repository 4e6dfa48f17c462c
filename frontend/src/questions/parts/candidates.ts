import type { Item, JsonObject, Part } from "../../api/types";

/** A part that can be chosen, with what it is called before this rater. */
export interface Candidate {
  /** What answers call it. */
  name: string;
  /** Its letter by its place on the page; of a list of words, the word. */
  label: string;
}

const FIRST_LETTER = 65;

export const letter = (place: number): string => String.fromCharCode(FIRST_LETTER + place);

const isCandidate = (part: Part): boolean => !part.fixed;

export function candidatesOf(item: Item): Candidate[] {
  return item.parts.filter(isCandidate).map((part, place) => ({
    name: part.name,
    label: (item.kind === "terms" ? part.item.text : null) ?? letter(place),
  }));
}

/** Goes with every answer about parts: how the candidates stood. */
export const orderOf = (item: Item): string[] => item.parts.filter(isCandidate).map((part) => part.name);

export function textIn(value: JsonObject | null, field: string): string | null {
  const found = value?.[field];
  return typeof found === "string" ? found : null;
}
