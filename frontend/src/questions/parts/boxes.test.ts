import { describe, expect, test } from "vitest";
import { seeded } from "../../testing/random";
import { answerOfBoxes, type Box, boxesOf, central, drawn, moved, resized } from "./boxes";

const BOX: Box = { label: "face", x: 0.2, y: 0.3, width: 0.4, height: 0.5 };

describe("boxes", () => {
  test("move with their size kept, and stop at the edge", () => {
    expect(moved(BOX, 0.1, -0.1)).toEqual({ ...BOX, x: 0.3, y: 0.2 });
    expect(moved(BOX, 5, -5)).toEqual({ ...BOX, x: 0.6, y: 0 });
  });

  test("grow and shrink at their right and lower sides", () => {
    expect(resized(BOX, 0.1, -0.1, 0.01)).toEqual({ ...BOX, width: 0.5, height: 0.4 });
    expect(resized(BOX, 9, -9, 0.05)).toEqual({ ...BOX, width: 0.8, height: 0.05 });
  });

  test("are drawn between two corners in any order, unless too small", () => {
    const there = drawn({ x: 0.8, y: 0.1 }, { x: 0.2, y: 0.5 }, "a", 0.01);
    expect(there).toEqual({ label: "a", x: 0.2, y: 0.1, width: 0.6, height: 0.4 });
    expect(drawn({ x: 0.5, y: 0.5 }, { x: 0.501, y: 0.9 }, "a", 0.01)).toBeNull();
    expect(drawn({ x: -1, y: -1 }, { x: 2, y: 2 }, "a", 0.01)).toMatchObject({
      x: 0,
      y: 0,
      width: 1,
      height: 1,
    });
  });

  test("never leave the picture, whatever is done to them", () => {
    const random = seeded(3);
    const some = () => (random() - 0.5) * 0.7;
    let box = central("a");
    for (let i = 0; i < 2000; i++) {
      box = random() < 0.5 ? moved(box, some(), some()) : resized(box, some(), some(), 0.02);
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.y).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(1 + 1e-6);
      expect(box.y + box.height).toBeLessThanOrEqual(1 + 1e-6);
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(0.02);
    }
  });

  test("come back from an answer as they went in", () => {
    expect(boxesOf(answerOfBoxes([BOX, { ...BOX, at_s: 1.5 }]))).toEqual([BOX, { ...BOX, at_s: 1.5 }]);
    expect(boxesOf(null)).toBeNull();
  });
});
