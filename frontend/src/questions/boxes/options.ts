import type { OptionReader } from "../options";
import { type MarkLabel, readMarkLabels } from "../parts/markoptions";

export interface BoxOptions {
  labels: MarkLabel[];
  most: number | null;
  /** Least width and height, in parts of the picture. */
  least: number;
}

const LEAST = 0.01;

export const readBoxOptions = (reader: OptionReader): BoxOptions => ({
  labels: readMarkLabels(reader),
  most: reader.numberOrNull("max_boxes"),
  least: reader.number("min_size", LEAST),
});
