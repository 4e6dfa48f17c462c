import { expect, test } from "vitest";
import { gridStep, rim } from "./gridmap";

test("arrows go by one and stop at the edges", () => {
  expect(gridStep({ column: 4, row: 4 }, "ArrowUp", 9, 9)).toEqual({ column: 4, row: 3 });
  expect(gridStep({ column: 8, row: 0 }, "ArrowRight", 9, 9)).toEqual({ column: 8, row: 0 });
  expect(gridStep({ column: 0, row: 8 }, "ArrowLeft", 9, 9)).toEqual({ column: 0, row: 8 });
});

test("other keys jump to an edge or do nothing", () => {
  expect(gridStep({ column: 4, row: 4 }, "End", 9, 5)).toEqual({ column: 8, row: 4 });
  expect(gridStep({ column: 4, row: 4 }, "PageUp", 9, 5)).toEqual({ column: 4, row: 0 });
  expect(gridStep({ column: 4, row: 4 }, "x", 9, 9)).toBeNull();
});

test("the rim of five has sixteen places, none of them inside", () => {
  const places = rim(5);
  expect(places.length).toBe(16);
  expect(places.every(({ across, up }) => [0, 1].includes(across) || [0, 1].includes(up))).toBe(true);
});
