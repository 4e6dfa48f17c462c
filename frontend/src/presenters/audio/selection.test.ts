import { expect, test } from "vitest";
import { seeded } from "../../testing/random";
import { between, type Edge, loopsTo, SHORTEST_S, withEdge } from "./selection";

test("a drag in either direction selects the same, inside the recording; a twitch selects nothing", () => {
  expect(between(2, 5, 10)).toEqual({ from_s: 2, to_s: 5 });
  expect(between(5, 2, 10)).toEqual({ from_s: 2, to_s: 5 });
  expect(between(-3, 50, 10)).toEqual({ from_s: 0, to_s: 10 });
  expect(between(2, 2.05, 10)).toBeNull();
});

test("its ends never pass each other nor the ends of the recording", () => {
  const random = seeded(3);
  let now = { from_s: 2, to_s: 5 };
  for (let i = 0; i < 1000; i++) {
    now = withEdge(now, (random() < 0.5 ? "from_s" : "to_s") as Edge, random() * 14 - 2, 10);
    expect(now.from_s).toBeGreaterThanOrEqual(0);
    expect(now.to_s).toBeLessThanOrEqual(10);
    expect(now.to_s - now.from_s).toBeGreaterThanOrEqual(SHORTEST_S - 1e-9);
  }
});

test("a loop jumps to its beginning from its end and from anywhere outside, and nowhere else", () => {
  const selection = { from_s: 2, to_s: 5 };
  expect([1.9, 5, 7].map((at) => loopsTo(selection, at))).toEqual([2, 2, 2]);
  expect([2, 3, 4.99].map((at) => loopsTo(selection, at))).toEqual([null, null, null]);
});
