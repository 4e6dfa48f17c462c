import { describe, expect, test } from "vitest";
import type { Label } from "./labels";
import { ancestors, treeStep, visibleRows } from "./treemap";

const label = (key: string, parent: string | null = null): Label => ({
  key,
  name: key,
  definition: "",
  parent,
  ring: 0,
});

const LABELS = [
  label("love"),
  label("affection", "love"),
  label("fondness", "affection"),
  label("longing", "love"),
  label("joy"),
];
const keys = (open: string[]) => visibleRows(LABELS, new Set(open)).map((row) => row.label.key);
const step = (open: string[], at: number, key: string) =>
  treeStep(visibleRows(LABELS, new Set(open)), at, key, new Set(open));

describe("a tree of labels", () => {
  test("shows what is open", () => {
    expect(keys([])).toEqual(["love", "joy"]);
    expect(keys(["love"])).toEqual(["love", "affection", "longing", "joy"]);
    expect(keys(["affection"])).toEqual(["love", "joy"]);
  });

  test("knows level and place of each row", () => {
    const rows = visibleRows(LABELS, new Set(["love", "affection"]));
    expect(rows.map((row) => [row.level, row.place, row.sisters])).toEqual([
      [1, 1, 2],
      [2, 1, 2],
      [3, 1, 1],
      [2, 2, 2],
      [1, 2, 2],
    ]);
  });

  test("finds all that must be open for a label to be seen", () => {
    expect(ancestors(LABELS, "fondness")).toEqual(["love", "affection"]);
    expect(ancestors(LABELS, "joy")).toEqual([]);
  });
});

describe("keys in a tree", () => {
  test("go through the rows that can be seen and stop at the ends", () => {
    expect(step([], 0, "ArrowDown")).toEqual({ focus: "joy" });
    expect(step([], 1, "ArrowDown")).toBeNull();
    expect(step(["love"], 1, "End")).toEqual({ focus: "joy" });
    expect(step(["love"], 3, "Home")).toEqual({ focus: "love" });
  });

  test("open, enter, leave and close", () => {
    expect(step([], 0, "ArrowRight")).toEqual({ open: "love" });
    expect(step(["love"], 0, "ArrowRight")).toEqual({ focus: "affection" });
    expect(step(["love"], 2, "ArrowRight")).toBeNull();
    expect(step(["love"], 2, "ArrowLeft")).toEqual({ focus: "love" });
    expect(step(["love"], 0, "ArrowLeft")).toEqual({ close: "love" });
    expect(step([], 1, "ArrowLeft")).toBeNull();
  });

  test("letters find the next label", () => {
    expect(step(["love"], 0, "l")).toEqual({ focus: "longing" });
    expect(step(["love"], 2, "L")).toEqual({ focus: "love" });
    expect(step([], 0, "x")).toBeNull();
  });
});
