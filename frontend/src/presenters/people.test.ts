import { expect, test } from "vitest";
import { seeded } from "../testing/random";
import { enlarged, shifted, WHOLE } from "./image/zoom";
import { boxAt, pictureIn } from "./people";

const ANN = [
  [1, 0.1, 0.2, 0.3, 0.4],
  [3, 0.5, 0.2, 0.1, 0.4],
  [4, 0.5, 0.6, 0.1, 0.4],
];

test("between two boxes somebody moves on a straight line, and is nowhere before and after", () => {
  expect(boxAt(ANN, 0.99)).toBeNull();
  expect(boxAt(ANN, 4.01)).toBeNull();
  expect(boxAt([], 1)).toBeNull();
  expect(boxAt(ANN, 1)).toEqual({ left: 0.1, top: 0.2, width: 0.3, height: 0.4 });
  const half = boxAt(ANN, 2);
  expect(half?.left).toBeCloseTo(0.3);
  expect(half?.width).toBeCloseTo(0.2);
  expect(boxAt(ANN, 4)?.top).toBeCloseTo(0.6);
});

test("a picture that is shown whole lies between two bars", () => {
  expect(pictureIn({ width: 400, height: 100 }, { width: 160, height: 100 })).toEqual({
    left: 120,
    top: 0,
    width: 160,
    height: 100,
  });
  expect(pictureIn({ width: 100, height: 400 }, { width: 200, height: 100 })).toMatchObject({
    top: 175,
    height: 50,
  });
});

test("an enlarged picture never leaves its box, and the point under the pointer stays", () => {
  const random = seeded(3);
  let now = WHOLE;
  for (let i = 0; i < 2000; i++) {
    now =
      random() < 0.5
        ? shifted(now, random() * 4 - 2, random() * 4 - 2)
        : enlarged(now, 0.4 + random() * 2, random(), random());
    expect(now.scale).toBeGreaterThanOrEqual(1);
    for (const middle of [now.x, now.y]) {
      expect(middle - 0.5 / now.scale).toBeGreaterThanOrEqual(-1e-9);
      expect(middle + 0.5 / now.scale).toBeLessThanOrEqual(1 + 1e-9);
    }
  }
  const zoomed = enlarged(WHOLE, 4, 0.25, 0.5);
  // The box shows x - 1/8 .. x + 1/8; a quarter into it is the point that was a quarter into the whole.
  expect(zoomed.x - 0.125 + 0.25 * 0.25).toBeCloseTo(0.25);
});
