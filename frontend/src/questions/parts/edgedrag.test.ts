import { describe, expect, test } from "vitest";
import { seeded } from "../../testing/random";
import { dragged, type Edge, magnetsOf } from "./edgedrag";
import { put, type Rules, type Segment } from "./timeline";

const RULES: Rules = { duration_s: 20, step_s: null, minLength_s: 0.5, overlap: "labels", most: null };

const segment = (
  label: string,
  start_s: number,
  end_s: number | null,
  apex_s: number | null = null,
): Segment => ({
  label,
  start_s,
  end_s,
  apex_s,
  attributes: {},
});

const TWO = [segment("a", 2, 4), segment("a", 8, 9), segment("b", 5, 7)];
const to = (to_s: number) => ({ to_s, magnets: [], reach_s: 0 });

describe("an edge that is dragged", () => {
  test("goes to the places that can be marked", () => {
    expect(dragged(TWO, 0, "end_s", to(6.04), RULES)?.end_s).toBe(6.04);
    expect(dragged(TWO, 0, "end_s", to(6.04), { ...RULES, step_s: 0.1 })?.end_s).toBe(6);
    expect(dragged(TWO, 0, "start_s", to(-3), RULES)?.start_s).toBe(0);
    expect(dragged(TWO, 1, "end_s", to(50), RULES)?.end_s).toBe(20);
  });

  test("stops at a neighbour of its own kind, however fast it comes, and passes others", () => {
    expect(dragged(TWO, 0, "end_s", to(15), RULES)?.end_s).toBe(8);
    expect(dragged(TWO, 1, "start_s", to(0), RULES)?.start_s).toBe(4);
    expect(dragged(TWO, 2, "start_s", to(3), RULES)?.start_s).toBe(3);
    expect(dragged(TWO, 2, "start_s", to(3), { ...RULES, overlap: "none" })?.start_s).toBe(4);
  });

  test("stops before the segment is too short or loses its strongest moment", () => {
    expect(dragged(TWO, 0, "end_s", to(0), RULES)?.end_s).toBe(2.5);
    expect(dragged([segment("a", 2, 6, 4)], 0, "start_s", to(5), RULES)?.start_s).toBe(4);
    expect(dragged([segment("a", 2, 6, 4)], 0, "end_s", to(1), RULES)?.end_s).toBe(4);
  });

  test("is caught by what is near: another edge, or the place of the medium", () => {
    const magnets = magnetsOf(TWO, 0, 4.7);
    expect(magnets).toEqual([4.7, 8, 9, 5, 7]);
    const end = (to_s: number) => dragged(TWO, 0, "end_s", { to_s, magnets, reach_s: 0.2 }, RULES)?.end_s;
    expect([4.6, 4.88, 5.1, 5.5, 7.9].map(end)).toEqual([4.7, 5, 5, 5.5, 8]);
  });

  test("never leaves an answer that the rules refuse", () => {
    const random = seeded(8);
    for (const overlap of ["none", "labels", "any"] as const) {
      for (const step_s of [null, 0.3]) {
        const rules = { ...RULES, overlap, step_s };
        let segments: Segment[] = [];
        for (const one of [segment("a", 0.9, 3), segment("b", 6, 9), segment("a", 12, null)]) {
          const change = put(segments, null, one, rules);
          if ("segments" in change) segments = change.segments;
        }
        expect(segments).toHaveLength(3);
        for (let i = 0; i < 500; i++) {
          const index = Math.floor(random() * segments.length);
          const edge: Edge = random() < 0.5 || segments[index]?.end_s === null ? "start_s" : "end_s";
          const next = dragged(segments, index, edge, to(random() * 24 - 2), rules);
          if (!next) continue;
          const change = put(segments, index, next, rules);
          expect(change).toHaveProperty("segments");
          if ("segments" in change) segments = change.segments;
        }
      }
    }
  });
});
