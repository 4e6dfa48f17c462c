import { describe, expect, test } from "vitest";
import { seeded } from "../../testing/random";
import {
  answerOf,
  type Change,
  clockText,
  endAfter,
  nudged,
  put,
  type Rules,
  type Segment,
  segmentsOf,
  shownPart,
  snapped,
} from "./timeline";
import { back, done, forth, nothingDone, type Undo } from "./undo";

const RULES: Rules = { duration_s: 10.05, step_s: 0.1, minLength_s: 0.2, overlap: "none", most: 4 };
const segment = (start_s: number, end_s: number | null, label = "joy"): Segment => ({
  label,
  start_s,
  end_s,
  apex_s: null,
  attributes: {},
});
const kept = (change: Change): Segment[] => {
  if ("refusal" in change) throw new Error(change.refusal);
  return change.segments;
};

describe("places on the timeline", () => {
  test("are on the grid, inside the medium, and its end is one", () => {
    expect(snapped(1.234, RULES)).toBe(1.2);
    expect(snapped(-3, RULES)).toBe(0);
    expect(snapped(10.049, RULES)).toBe(10.05);
    expect(snapped(99, RULES)).toBe(10.05);
    expect(snapped(1.23456789, { ...RULES, step_s: null })).toBe(1.234568);
    expect(snapped(1, { ...RULES, step_s: 1001 / 30000 })).toBe(1.001);
  });

  test("any nudge leads to a place, and a nudge back leads home", () => {
    const random = seeded(4);
    for (let i = 0; i < 500; i++) {
      const rules = { ...RULES, duration_s: 5 + random() * 20, step_s: random() < 0.5 ? 0.04 : 1001 / 30000 };
      const at = snapped(random() * (rules.duration_s - 1), rules);
      const on = nudged(at, 1, rules);
      expect(snapped(on, rules)).toBe(on);
      expect(nudged(on, -1, rules)).toBeCloseTo(at, 5);
      expect(nudged(at, 1000, rules)).toBeLessThanOrEqual(rules.duration_s + 1e-6);
    }
  });

  test("of a recording are its samples, the last one included, at any rate and from any moment of its file", () => {
    const random = seeded(5);
    for (const rate of [1, 3, 50 / 3, 128, 250, 500, 512, 1000, 2048, 4096.5]) {
      for (let i = 0; i < 200; i++) {
        const [from_s, duration_s] = [-Math.floor(random() * 5000) / 1000, 60 + random()];
        const rules = { ...RULES, duration_s, from_s, step_s: 1 / rate, samples: true };
        const [first, last] = [
          Math.ceil((-from_s - 2e-6) * rate),
          Math.floor((duration_s - from_s) * rate - 0.02),
        ];
        const placeOf = (sample: number) => snapped(from_s + sample / rate, rules);
        const sample = first + Math.floor(random() * (last - first));
        const at_s = placeOf(sample);
        expect(Math.abs(at_s - from_s - sample / rate)).toBeLessThan(1e-6);
        expect(nudged(at_s, 1, rules)).toBe(placeOf(sample + 1));
        expect(nudged(placeOf(sample + 1), -1, rules)).toBe(at_s);
        // What begins and ends here is this sample.
        expect(endAfter(at_s, rules)).toBe(placeOf(sample + 1));
        expect(endAfter(placeOf(last), rules)).toBeLessThanOrEqual(duration_s + 1e-6);
        expect(nudged(snapped(duration_s, rules), -1, rules)).toBeGreaterThan(duration_s - 1.03 / rate);
        expect(Math.abs(snapped(0, rules) - from_s - first / rate)).toBeLessThan(3e-6);
      }
    }
    expect(endAfter(2, RULES)).toBe(2);
  });

  test("of images in a row are where each begins, and the end", () => {
    const rules = { ...RULES, duration_s: 4, marks_s: [0, 1.5, 2] };
    expect([0.6, 0.8, 1.9, 3.5, 9].map((at_s) => snapped(at_s, rules))).toEqual([0, 1.5, 2, 4, 4]);
    // From within an image, one step on is the next image, and one back the one before.
    expect([nudged(1.7, 1, rules), nudged(1.7, -1, rules), nudged(1.5, 1, rules)]).toEqual([2, 0, 2]);
    expect([nudged(2, 1, rules), nudged(4, 1, rules), nudged(4, -1, rules)]).toEqual([4, 4, 2]);
  });

  test("the zoomed part never leaves the medium", () => {
    expect(shownPart(0, 7, 10)).toEqual({ from_s: 0, length_s: 10 });
    expect(shownPart(2, 5, 10)).toEqual({ from_s: 3.75, length_s: 2.5 });
    expect(shownPart(2, 9.9, 10)).toEqual({ from_s: 7.5, length_s: 2.5 });
  });

  test("are told like on a clock", () => {
    expect(clockText(0)).toBe("0:00.000");
    expect(clockText(61.04)).toBe("1:01.040");
    expect(clockText(59.9996)).toBe("1:00.000");
  });
});

describe("segments", () => {
  test("stand in order of time", () => {
    const two = kept(put([segment(5, 6)], null, segment(1, 2), RULES));
    expect(two.map((one) => one.start_s)).toEqual([1, 5]);
    expect(put(two, 0, segment(7, 8), RULES)).toMatchObject({ index: 1 });
  });

  test("touch but do not overlap, unless they may", () => {
    const one = [segment(1, 2)];
    expect(kept(put(one, null, segment(2, 3), RULES))).toHaveLength(2);
    expect(put(one, null, segment(1.9, 3), RULES)).toEqual({ refusal: "overlap" });
    expect(put(one, null, segment(0.5, null), RULES)).toEqual({ refusal: "overlap" });
    const labels: Rules = { ...RULES, overlap: "labels" };
    expect(put(one, null, segment(1.5, 3), labels)).toEqual({ refusal: "overlap" });
    expect(kept(put(one, null, segment(1.5, 3, "fear"), labels))).toHaveLength(2);
    expect(kept(put(one, null, segment(1.5, 3), { ...RULES, overlap: "any" }))).toHaveLength(2);
  });

  test("may move over their own place", () => {
    expect(kept(put([segment(1, 2)], 0, segment(1.5, 2.5), RULES))).toEqual([segment(1.5, 2.5)]);
  });

  test("are long enough, not too many, and hold their strongest moment", () => {
    expect(put([], null, segment(1, 1.1), RULES)).toEqual({ refusal: "short" });
    expect(put([], null, segment(2, 1), RULES)).toEqual({ refusal: "short" });
    expect(put([], null, segment(10.05, null), RULES)).toEqual({ refusal: "short" });
    const four = [0, 1, 2, 3].map((at) => segment(at, at + 0.5));
    expect(put(four, null, segment(5, 6), RULES)).toEqual({ refusal: "many" });
    expect(put(four, 3, segment(5, 6), RULES)).toMatchObject({ index: 3 });
    expect(put([], null, { ...segment(1, 2), apex_s: 3 }, RULES)).toEqual({ refusal: "apex" });
  });

  test("come back from an answer as they went in", () => {
    const rich: Segment = { ...segment(1, null), apex_s: 1.5, attributes: { cue: "face" } };
    expect(segmentsOf(answerOf([rich, segment(2, 3)]))).toEqual([rich, segment(2, 3)]);
    expect(answerOf([segment(2, 3)])).toEqual({ segments: [{ label: "joy", start_s: 2, end_s: 3 }] });
    expect(segmentsOf(null)).toBeNull();
    expect(segmentsOf({ segments: [] })).toEqual([]);
  });
});

describe("undo", () => {
  test("goes back and forth through every state, and a change forgets the future", () => {
    let undo: Undo<number> = nothingDone;
    let present = 0;
    for (let i = 1; i <= 5; i++) {
      undo = done(undo, present);
      present = i;
    }
    const seen: number[] = [];
    for (let step = back(undo, present); step; step = back(undo, present)) {
      [undo, present] = step;
      seen.push(present);
    }
    expect(seen).toEqual([4, 3, 2, 1, 0]);
    for (let step = forth(undo, present); step && present < 3; step = forth(undo, present))
      [undo, present] = step;
    expect(present).toBe(3);
    undo = done(undo, present);
    expect(forth(undo, 9)).toBeNull();
    expect(back(undo, 9)?.[1]).toBe(3);
  });
});
