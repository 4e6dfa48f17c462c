import { clamp } from "../../trace/padmap";

/** A stretch of a recording, in seconds. */
export interface Selection {
  from_s: number;
  to_s: number;
}

export type Edge = keyof Selection;

/** Shorter than this a loop is a noise. */
export const SHORTEST_S = 0.1;

/** Between two places in whichever order; null: too short to be meant. */
export function between(a_s: number, b_s: number, duration_s: number): Selection | null {
  const from_s = clamp(Math.min(a_s, b_s), 0, duration_s);
  const to_s = clamp(Math.max(a_s, b_s), 0, duration_s);
  return to_s - from_s >= SHORTEST_S ? { from_s, to_s } : null;
}

/** One of its edges at another place, as far as the other edge and the recording's ends let it. */
export function withEdge(now: Selection, edge: Edge, at_s: number, duration_s: number): Selection {
  const { from_s, to_s } = now;
  return edge === "from_s"
    ? { to_s, from_s: clamp(at_s, 0, to_s - SHORTEST_S) }
    : { from_s, to_s: clamp(at_s, from_s + SHORTEST_S, duration_s) };
}

/** A recording goes to the nearest sample or packet, so not quite where it is told to. */
const SLACK_S = 0.05;

/** What a loop has to jump to from a place; null: nothing yet. */
export const loopsTo = ({ from_s, to_s }: Selection, at_s: number): number | null =>
  at_s >= to_s || at_s < from_s - SLACK_S ? from_s : null;
