import { expect, test } from "vitest";
import { OptionReader } from "../options";
import { readAxes, readDirections } from "./trace";

const VALENCE = { key: "valence", name: "Valence", low_label: "bad", high_label: "good", min: -1, max: 1 };

const reader = (flipped: string[]) =>
  new OptionReader({ key: "q", options: { dimensions: [VALENCE], flipped } });

test("a flipped axis changes the places of its ends, and nothing about what a value means", () => {
  const [axis] = readAxes(reader(["valence"]), 1);
  expect(axis).toEqual({
    key: "valence",
    name: "Valence",
    lowLabel: "good",
    highLabel: "bad",
    min: 1,
    max: -1,
  });
  const [direction] = readDirections(reader(["valence"]));
  expect(direction).toMatchObject({ lowLabel: "good", highLabel: "bad", sign: -1 });
});

test("an axis that is not flipped is as written", () => {
  expect(readAxes(reader([]), 1)[0]).toMatchObject({ lowLabel: "bad", min: -1, max: 1 });
});
