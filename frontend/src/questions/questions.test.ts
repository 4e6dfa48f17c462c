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
    expect(() => bindQuestion(question("trace2d", { dimensions: [AXIS] }))).toThrow("two dimensions");
    expect(() => bindQuestion(question("trace2d", { dimensions: [AXIS, { ...AXIS, max: -1 }] }))).toThrow(
      'Question "q.dimensions[1]": option "max" must be greater than min.',
    );
    expect(() => bindQuestion(question("category", { labels: "joy" }))).toThrow('option "labels"');
    expect(() => bindQuestion(question("scale", { dimensions: [SCALE], style: "wheel" }))).toThrow(
      'option "style"',
    );
  });

  test("a continuous question has the page to itself", () => {
    expect(bindQuestion(question("trace2d", { dimensions: [AXIS, AXIS] })).layout).toBe("desk");
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

  test("of several named texts the wrong one is named", () => {
    const fields = [
      { key: "cause", name: "Cause", min_length: 5 },
      { key: "note", name: "Note", required: false },
    ];
    const text = field("text", { fields });
    expect(text.problem({ note: "x" })).toBe("Cause: please write an answer.");
    expect(text.problem({ cause: "hm" })).toBe("Cause: Please write at least 5 characters; you have 2.");
    expect(text.problem({ cause: "the music" })).toBeNull();
    expect(field("text", { fields }, false).problem(null)).toBeNull();
  });

  test("a ranking must hold everything that was shown", () => {
    const order = ["a", "b", "c"];
    const ranking = field("ranking", {});
    expect(ranking.problem(null)).toBe("Please put all of them in order.");
    expect(ranking.problem({ ranks: { a: 1 }, order })).toBe("Please put all of them in order; 2 left.");
    expect(ranking.problem({ ranks: { a: 1, b: 2, c: 3 }, order })).toBeNull();
  });

  test("best and worst are both asked for", () => {
    const words = field("best_worst", { best_label: "Most calm", worst_label: "Least calm" });
    expect(words.problem({ best: "a", order: [] })).toBe("Please mark: Least calm.");
    expect(words.problem({ best: "a", worst: "b", order: [] })).toBeNull();
  });

  test("the open statements of a form are counted up", () => {
    const options: JsonObject = {
      points: [
        { value: 0, label: "no" },
        { value: 1, label: "yes" },
      ],
      items: ["p", "q", "r"].map((key) => ({ key, text: key })),
    };
    expect(field("questionnaire", options).problem({ q: 1 })).toBe("Please answer also: 1, 3.");
    expect(field("questionnaire", { ...options, skippable: true }).problem({ q: 1 })).toBeNull();
    expect(field("questionnaire", options).problem({ p: 0, q: 1, r: 0 })).toBeNull();
  });

  test("comparison and matching want an answer", () => {
    expect(field("comparison", {}).problem(null)).toBe("Please choose an answer.");
    expect(field("comparison", {}).problem({ choice: "b", order: [] })).toBeNull();
    expect(field("matching", {}).problem({ match: "a", order: [] })).toBeNull();
    expect(field("matching", { mode: "yes_no" }).problem({ fits: false, order: [] })).toBeNull();
    expect(() => field("matching", { mode: "guess" })).toThrow('option "mode"');
  });
});
