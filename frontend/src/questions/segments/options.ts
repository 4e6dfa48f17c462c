import type { Item } from "../../api/types";
import type { OptionReader } from "../options";
import { type MarkLabel, readMarkLabel, readMarkLabels } from "../parts/markoptions";
import { beginningsOf } from "../parts/pictures";
import type { Overlap, Rules } from "../parts/timeline";

export interface Attribute {
  key: string;
  name: string;
  choices: MarkLabel[];
  /** Its choices are those who are marked in the item. */
  people: boolean;
  required: boolean;
}

export interface SegmentOptions {
  labels: MarkLabel[];
  attributes: Attribute[];
  overlap: Overlap;
  openEnd: boolean;
  apex: "none" | "optional" | "required";
  snap: "none" | "step" | "frames" | "samples";
  step_s: number | null;
  minLength_s: number;
  most: number | null;
}

const readAttribute = (reader: OptionReader): Attribute => ({
  key: reader.text("key"),
  name: reader.text("name"),
  choices: reader.each("choices", readMarkLabel, []),
  people: reader.flag("people", false),
  required: reader.flag("required", true),
});

export const readSegmentOptions = (reader: OptionReader): SegmentOptions => ({
  labels: readMarkLabels(reader),
  attributes: reader.each("attributes", readAttribute, []),
  overlap: reader.oneOf("overlap", ["none", "labels", "any"]),
  openEnd: reader.flag("open_end", false),
  apex: reader.oneOf("apex", ["none", "optional", "required"]),
  snap: reader.oneOf("snap", ["none", "step", "frames", "samples"]),
  step_s: reader.numberOrNull("step_s"),
  minLength_s: reader.number("min_length_s", 0),
  most: reader.numberOrNull("max_segments"),
});

/** What can be said of each segment of this item. */
export const attributesOf = (
  { attributes }: Pick<SegmentOptions, "attributes">,
  { people }: Pick<Item, "people">,
): Attribute[] =>
  attributes.map((one) =>
    one.people ? { ...one, choices: people.map(({ name }) => ({ key: name, name, definition: "" })) } : one,
  );

/** What the options mean on the timeline of this item. */
export function rulesOf(
  options: SegmentOptions,
  item: Pick<Item, "duration_s" | "frame_rate_hz" | "frames_s" | "kind" | "parts" | "samples">,
): Rules {
  const frame_s = item.frame_rate_hz ? 1 / item.frame_rate_hz : null;
  const frames = options.snap === "frames";
  const marks_s = frames ? beginningsOf(item) : undefined;
  const samples = options.snap === "samples" ? item.samples : null;
  return {
    duration_s: item.duration_s ?? 0,
    step_s: frames ? frame_s : options.step_s,
    ...(marks_s && { marks_s }),
    ...(samples && { step_s: 1 / samples.rate_hz, from_s: samples.first_s, samples: true }),
    minLength_s: options.minLength_s,
    overlap: options.overlap,
    most: options.most,
  };
}
