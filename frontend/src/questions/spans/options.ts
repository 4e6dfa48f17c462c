import type { OptionReader } from "../options";
import { type MarkLabel, readMarkLabels } from "../parts/markoptions";
import type { Overlap } from "../parts/timeline";

export interface Relation {
  key: string;
  name: string;
  /** Labels of the spans that it may begin and end at. */
  from: string[];
  to: string[];
  /** It may begin or end at a whole utterance. */
  fromTurns: boolean;
  toTurns: boolean;
}

export interface SpanOptions {
  labels: MarkLabel[];
  relations: Relation[];
  overlap: Overlap;
  most: number | null;
}

const readRelation = (reader: OptionReader): Relation => ({
  key: reader.text("key"),
  name: reader.text("name"),
  from: reader.texts("from_labels", []),
  to: reader.texts("to_labels", []),
  fromTurns: reader.flag("from_turns", false),
  toTurns: reader.flag("to_turns", false),
});

export const readSpanOptions = (reader: OptionReader): SpanOptions => ({
  labels: readMarkLabels(reader),
  relations: reader.each("relations", readRelation, []),
  overlap: reader.oneOf("overlap", ["none", "labels", "any"]),
  most: reader.numberOrNull("max_spans"),
});
