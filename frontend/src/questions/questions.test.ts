import { basename } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { JsonObject, Question } from "../api/types";
import type { BoundField } from "./define";
import { bindQuestion, loadQuestionTypes } from "./registry";

const TYPES = Object.keys(import.meta.glob("./*.tsx")).map((file) => basename(file, ".tsx"));
beforeAll(() => loadQuestionTypes(TYPES.map((type) => ({ type }))));

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
    expect(() => bindQuestion(question("affect_grid", { dimensions: [SCALE] }))).toThrow("two dimensions");
    expect(() =>
      bindQuestion(question("category", { labels: [{ key: "a", name: "A" }], layout: "pie" })),
    ).toThrow('option "layout"');
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

  test("a slider that may stay has an answer of its own, but only where one is required", () => {
    const options = { dimensions: [{ ...SCALE, start: 0 }], style: "slider", untouched: "kept" };
    expect(field("scale", options).resting()).toEqual({ v: 0, touched: { v: false } });
    expect(field("scale", options, false).resting()).toBeNull();
    expect(field("scale", { ...options, untouched: "refused" }).resting()).toBeNull();
  });

  test("both affective sliders must have been moved", () => {
    const slider = field("affective_slider", {
      dimensions: [
        { ...SCALE, key: "valence" },
        { ...SCALE, key: "arousal" },
      ],
    });
    expect(slider.problem({ valence: 0.5 })).toBe("Please move both sliders.");
    expect(slider.problem({ valence: 0.5, arousal: 0.5 })).toBeNull();
  });

  test("every label needs its level, unless one that is left out counts as the lowest", () => {
    const labels = [
      { key: "joy", name: "Joy" },
      { key: "fear", name: "Fear" },
    ];
    const rows = field("label_intensity", { labels });
    expect(rows.problem({ levels: { joy: 0 } })).toBe("Please set Fear.");
    expect(rows.problem({ escape: "none" })).toBeNull();
    const wheel = field("label_intensity", { labels, layout: "wheel", complete: false });
    expect(wheel.problem({ levels: { joy: 1 } })).toBeNull();
    expect(wheel.problem(null)).toBe("Please choose an answer.");
  });

  test("words of one's own need a reason where one is asked for", () => {
    const words = field("open_words", { min_words: 2, reason_min_length: 3 });
    expect(words.problem(null)).toBe("Please add at least 2 words.");
    const reasons = { calm: "rain", tense: " a " };
    expect(words.problem({ words: ["calm", "tense"], reasons })).toContain("why tense, with at least 3");
    expect(words.problem({ words: ["calm", "tense"], reasons: { ...reasons, tense: "dark" } })).toBeNull();
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
