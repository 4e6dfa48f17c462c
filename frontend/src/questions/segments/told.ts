import { t } from "../../words/words";
import { clockText, type Refusal, type Segment } from "../parts/timeline";
import type { SegmentOptions } from "./options";

export type Edge = "start_s" | "end_s" | "apex_s";

export const EDGES: Readonly<Record<Edge, () => string>> = {
  start_s: () => t("Begins"),
  end_s: () => t("Ends"),
  apex_s: () => t("Strongest"),
};

export const REFUSED: Readonly<Record<Refusal, () => string>> = {
  overlap: () => t("This would overlap another one, which is not allowed here."),
  short: () => t("This would be too short, or end before it begins."),
  many: () => t("No more can be marked here."),
  apex: () => t("The strongest moment must lie between beginning and end."),
};

/** The edges that are asked for, in order of time. */
export const edgesOf = ({ apex }: Pick<SegmentOptions, "apex">): Edge[] =>
  apex === "none" ? ["start_s", "end_s"] : ["start_s", "apex_s", "end_s"];

export function timeOf(segment: Segment, edge: Edge): string {
  const at_s = segment[edge];
  if (at_s !== null) return clockText(at_s);
  return edge === "end_s" ? t("goes on") : "–";
}

/** What a segment still lacks, or null. */
export function lacks(
  segment: Segment,
  { attributes, apex }: Pick<SegmentOptions, "attributes" | "apex">,
): string | null {
  if (apex === "required" && segment.apex_s === null) return t("its strongest moment");
  return attributes.find((one) => one.required && !segment.attributes[one.key])?.name ?? null;
}
