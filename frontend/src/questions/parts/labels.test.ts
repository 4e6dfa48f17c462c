import { describe, expect, test } from "vitest";
import { choose, type Label, type Offer, rootOf } from "./labels";

const label = (key: string, parent: string | null = null): Label => ({
  key,
  name: key,
  definition: "",
  parent,
  ring: 0,
});

const offer = (more: Partial<Offer> = {}): Offer => ({
  labels: ["joy", "fear", "awe"].map((key) => label(key)),
  escapes: [label("none")],
  multiple: true,
  most: 2,
  ...more,
});

describe("choosing labels", () => {
  test("one replaces the other where only one may be chosen", () => {
    expect(choose(["joy"], "fear", offer({ multiple: false }))).toEqual(["fear"]);
    expect(choose(["joy"], "joy", offer({ multiple: false }))).toEqual(["joy"]);
  });

  test("several are collected, and taken back", () => {
    expect(choose(["joy"], "fear", offer())).toEqual(["joy", "fear"]);
    expect(choose(["joy", "fear"], "joy", offer())).toEqual(["fear"]);
  });

  test("no more than the most", () => {
    expect(choose(["joy", "fear"], "awe", offer())).toEqual(["joy", "fear"]);
  });

  test("an escape stands alone", () => {
    expect(choose(["joy", "fear"], "none", offer())).toEqual(["none"]);
    expect(choose(["none"], "joy", offer())).toEqual(["joy"]);
    expect(choose(["none"], "none", offer())).toEqual([]);
  });
});

test("the root of a label is the one without a parent", () => {
  const labels = [label("love"), label("affection", "love"), label("fondness", "affection")];
  expect(labels.map((one) => rootOf(labels, one).key)).toEqual(["love", "love", "love"]);
});
