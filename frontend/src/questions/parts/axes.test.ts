import { describe, expect, test } from "vitest";
import { type Axis, middleOf, moved, shareOf, stepsOf, wasTouched } from "./axes";

const axis = (min: number, max: number, step: number): Axis => ({
  key: "v",
  name: "V",
  min,
  max,
  step,
  lowLabel: "",
  highLabel: "",
  points: [],
});

describe("an axis", () => {
  test("has exact decimal steps", () => {
    expect(stepsOf(axis(-1, 1, 0.5))).toEqual([-1, -0.5, 0, 0.5, 1]);
    const fine = stepsOf(axis(0, 1, 0.01));
    expect(fine.length).toBe(101);
    expect(fine[29]).toBe(0.29);
    expect(fine.at(-1)).toBe(1);
  });

  test("has a middle that is a step", () => {
    expect(middleOf(axis(0, 1, 0.01))).toBe(0.5);
    expect(middleOf(axis(1, 4, 1))).toBe(2);
  });

  test("knows where a value lies", () => {
    expect(shareOf(axis(-2, 2, 1), 1)).toBe(0.75);
  });
});

describe("a slider", () => {
  test("that was moved says so, and others that may stay are told apart", () => {
    const resting = { v: 50, a: 20, touched: { v: false, a: false } };
    const value = moved(null, "v", 70, resting);
    expect(value).toEqual({ v: 70, a: 20, touched: { v: true, a: false } });
    expect(wasTouched(value, "a")).toBe(false);
    expect(moved(value, "a", 20, resting)).toEqual({ v: 70, a: 20, touched: { v: true, a: true } });
  });

  test("has no company where nothing may stay", () => {
    expect(moved(null, "v", 0.5, null)).toEqual({ v: 0.5, touched: { v: true } });
  });
});
