import type { OptionReader } from "../options";
import { type MarkLabel, readMarkLabels } from "../parts/markoptions";
import type { Overlap } from "../parts/timeline";

export interface Relation {
  key: string;
  name: string;
  from: string[];
  to: string[];
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
  from: reader.texts("from_labels"),
  to: reader.texts("to_labels"),
});

export const readSpanOptions = (reader: OptionReader): SpanOptions => ({
  labels: readMarkLabels(reader),
  relations: reader.each("relations", readRelation, []),
  overlap: reader.oneOf("overlap", ["none", "labels", "any"]),
  most: reader.numberOrNull("max_spans"),
});
