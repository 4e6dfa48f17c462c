import type { JsonObject } from "../../api/types";
import type { OptionReader } from "../options";

export interface Label {
  key: string;
  name: string;
  definition: string;
  /** The label it stands below, of trees and wheels. */
  parent: string | null;
  /** On a wheel, counted from the centre. */
  ring: number;
}

/** What a question offers, and how much of it may be taken. */
export interface Offer {
  labels: readonly Label[];
  /** Answers that are no label and stand alone. */
  escapes: readonly Label[];
  multiple: boolean;
  /** At most so many labels. */
  most: number;
}

function readLabel(reader: OptionReader): Label {
  return {
    key: reader.text("key"),
    name: reader.text("name"),
    definition: reader.text("definition", ""),
    parent: reader.text("parent", "") || null,
    ring: reader.number("ring", 0),
  };
}

export function readLabels(reader: OptionReader): Pick<Offer, "labels" | "escapes"> {
  const labels = reader.each("labels", readLabel);
  if (labels.length === 0) throw reader.wrong("labels", "a list with at least one label");
  return { labels, escapes: reader.each("escape", readLabel, []) };
}

export const chosenOf = (value: JsonObject | null): string[] =>
  Array.isArray(value?.labels) ? value.labels.filter((label) => typeof label === "string") : [];

/** The labels after `key` was chosen or, with several allowed, taken back. When all that may be are taken, as before. */
export function choose(chosen: readonly string[], key: string, { multiple, escapes, most }: Offer): string[] {
  const alone = (label: string) => escapes.some((other) => other.key === label);
  if (!multiple || alone(key)) return multiple && chosen.includes(key) ? [] : [key];
  if (chosen.includes(key)) return chosen.filter((label) => label !== key);
  const beside = chosen.filter((label) => !alone(label));
  return beside.length < most ? [...beside, key] : beside;
}

/** The label without a parent that `label` descends from. */
export function rootOf(labels: readonly Label[], label: Label): Label {
  const parent = labels.find(({ key }) => key === label.parent);
  return parent ? rootOf(labels, parent) : label;
}
