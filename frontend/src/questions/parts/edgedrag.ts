import { clamp } from "../../trace/padmap";
import { type Overlap, put, type Rules, type Segment, snapped } from "./timeline";

/** An end of a segment that can be dragged. */
export type Edge = "start_s" | "end_s";

/** Where an edge is dragged to, and what is near enough on the screen to catch it. */
export interface Pull {
  to_s: number;
  /** Places that catch the edge, and within how many seconds. */
  magnets: readonly number[];
  reach_s: number;
}

const endOf = (segment: Segment): number => segment.end_s ?? Number.POSITIVE_INFINITY;

const excludes = (one: Segment, other: Segment, overlap: Overlap): boolean =>
  overlap === "none" || (overlap === "labels" && one.label === other.label);

/** How far an edge can go: to the segment's own other end, to its apex, to a neighbour that it may not overlap. */
function limitsOf(segment: Segment, edge: Edge, others: readonly Segment[], rules: Rules): [number, number] {
  const { start_s, apex_s } = segment;
  const end_s = endOf(segment);
  const neighbours = others.filter((other) => excludes(segment, other, rules.overlap));
  if (edge === "start_s") {
    const before = neighbours.map(endOf).filter((at_s) => at_s <= start_s);
    return [Math.max(0, ...before), Math.min(end_s - rules.minLength_s, apex_s ?? end_s)];
  }
  const after = neighbours.map((other) => other.start_s).filter((at_s) => at_s >= end_s);
  return [Math.max(start_s + rules.minLength_s, apex_s ?? start_s), Math.min(rules.duration_s, ...after)];
}

function caught({ to_s, magnets, reach_s }: Pull): number | null {
  const near = magnets.filter((at_s) => Math.abs(at_s - to_s) <= reach_s);
  return near.length > 0
    ? near.reduce((best, at_s) => (Math.abs(at_s - to_s) < Math.abs(best - to_s) ? at_s : best))
    : null;
}

/** The segment at `index` with one edge dragged as far as it may go; null: it cannot stand like that. */
export function dragged(
  segments: readonly Segment[],
  index: number,
  edge: Edge,
  pull: Pull,
  rules: Rules,
): Segment | null {
  const segment = segments[index];
  if (!segment) return null;
  const others = segments.filter((_, place) => place !== index);
  const [low, high] = limitsOf(segment, edge, others, rules);
  const at_s = snapped(clamp(caught(pull) ?? pull.to_s, low, Math.max(low, high)), rules);
  const next = { ...segment, [edge]: at_s };
  return "refusal" in put(segments, index, next, rules) ? null : next;
}

/** All places that catch a dragged edge: the edges of other segments, and where the medium stands. */
export const magnetsOf = (segments: readonly Segment[], index: number, here_s: number): number[] => [
  here_s,
  ...segments.flatMap((one, place) =>
    place === index ? [] : [one.start_s, ...(one.end_s === null ? [] : [one.end_s])],
  ),
];
