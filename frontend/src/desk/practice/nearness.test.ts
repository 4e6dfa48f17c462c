import { expect, test } from "vitest";
import { isNear, Nearness } from "./nearness";

test("near is within the band in every dimension, its edge included", () => {
  expect(isNear([0.5], [0.25], 0.25)).toBe(true);
  expect(isNear([0.51], [0.25], 0.25)).toBe(false);
  expect(isNear([0, 0.9], [0.1, 0.1], 0.2)).toBe(false);
  expect(isNear([0], [0, 0], 0.2)).toBe(false);
});

test("the share is of the moments that were rated, however often each was looked at", () => {
  const nearness = new Nearness();
  expect(nearness.share).toBeNull();
  for (const atS of [0.01, 0.02, 0.09, 0.15]) nearness.note(atS, atS < 0.1);
  expect(nearness.share).toBe(0.5);
});

test("what is rated again after a rewind replaces what was rated before", () => {
  const nearness = new Nearness();
  for (const atS of [0, 0.1, 0.2, 0.3]) nearness.note(atS, false);
  for (const atS of [0.1, 0.2, 0.3]) nearness.note(atS, true);
  expect(nearness.share).toBe(0.75);
});
