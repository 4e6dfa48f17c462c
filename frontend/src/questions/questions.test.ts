import { describe, expect, test } from "vitest";
import type { JsonObject, Question } from "../api/types";
import type { BoundField } from "./define";
import { bindQuestion } from "./registry";

const question = (type: string, options: JsonObject, required = true): Question => ({
  key: "q",
  type,
  prompt: "?",
  help: "",
  required,
  options,
});

const field = (type: string, options: JsonObject, required = true): BoundField => {
  const bound = bindQuestion(question(type, options, required));
  if (bound.layout !== "field") throw new Error("not a field");
  return bound;
};

const AXIS = { key: "v", low_label: "low", high_label: "high", min: -1, max: 1 };
const SCALE = { ...AXIS, name: "Valence", step: 0.5 };

describe("questions read their options", () => {
  test("an unknown type is named", () => {
    expect(() => bindQuestion(question("wheel", {}))).toThrow('Question "q" has the type "wheel"');
  });

  test("a wrong option is named with its place", () => {
    expect(() => bindQuestion(question("trace2d", { dimensions: [AXIS] }))).toThrow("a list of 2");
    expect(() => bindQuestion(question("trace2d", { dimensions: [AXIS, { ...AXIS, max: -1 }] }))).toThrow(
      'Question "q.dimensions[1]": option "max" must be greater than min.',
    );
    expect(() => bindQuestion(question("category", { labels: "joy" }))).toThrow('option "labels"');
    expect(() => bindQuestion(question("scale", { dimensions: [SCALE], style: "wheel" }))).toThrow(
      'option "style"',
    );
  });

  test("a continuous question has the page to itself, a calibration without the item", () => {
    const labels = [{ key: "joy", name: "Joy" }];
    const curve = [{ time_s: 0, value: [0.5] }];
    const kinds: [string, JsonObject][] = [
      ["trace1d", { dimensions: [AXIS], along: "horizontal" }],
      ["trace2d", { dimensions: [AXIS, AXIS], flipped: ["v"] }],
      ["trace3d", { dimensions: [AXIS, AXIS, AXIS] }],
      ["trace_rank", { dimensions: [AXIS] }],
      ["trace_change", { dimensions: [AXIS, AXIS] }],
      ["trace_category", { labels }],
      ["calibration", { dimensions: [AXIS], modality: "auditory", duration_s: 5, curve }],
    ];
    for (const [type, options] of kinds) {
      expect(bindQuestion(question(type, options))).toMatchObject({
        layout: "desk",
        solo: type === "calibration",
      });
    }
  });
});

describe("answers are checked before they are sent", () => {
  test("every dimension of a scale must have been touched", () => {
    const scale = field("scale", { dimensions: [SCALE, { ...SCALE, key: "a", name: "Arousal" }] });
    expect(scale.problem(null)).toBe("Please set Valence, Arousal.");
    expect(scale.problem({ v: 0 })).toBe("Please set Arousal.");
    expect(scale.problem({ v: 0, a: 1 })).toBeNull();
  });

  test("an optional scale is all or nothing", () => {
    const scale = field("scale", { dimensions: [SCALE, { ...SCALE, key: "a", name: "Arousal" }] }, false);
    expect(scale.problem(null)).toBeNull();
    expect(scale.problem({ v: 0 })).toBe("Please set Arousal.");
  });

  test("a category must be chosen unless it is optional", () => {
    const labels = [{ key: "joy", name: "Joy", definition: "" }];
    expect(field("category", { labels }).problem(null)).toBe("Please choose an answer.");
    expect(field("category", { labels }, false).problem(null)).toBeNull();
    expect(field("category", { labels }).problem({ labels: ["joy"] })).toBeNull();
  });

  test("a text must be long enough once there is one", () => {
    const text = field("text", { min_length: 5, max_length: 20 }, false);
    expect(text.problem(null)).toBeNull();
    expect(text.problem({ text: "  ab " })).toContain("at least 5 characters; you have 2");
    expect(text.problem({ text: "abcdef" })).toBeNull();
  });
});
