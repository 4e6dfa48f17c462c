import { describe, expect, it } from "vitest";
import type { JsonObject, Question } from "../api/types";
import { reached } from "./branching";

const question = (key: string, more: Partial<Question> = {}): Question => ({
  key,
  type: "yes_no",
  prompt: "?",
  help: "",
  required: true,
  options: {},
  ...more,
});

const asked = [
  question("keep"),
  question("affect", { asked_if: { question: "keep", labels: ["yes", "unsure"] } }),
  question("why", { asked_if: { question: "affect", dimension: "arousal", min: 7 } }),
  question("note", { required: false, required_if: { question: "keep", labels: ["no"] } }),
];

const told = (answers: { [key: string]: JsonObject }) =>
  reached(asked, (key) => answers[key] ?? null).map(({ key, required }) => (required ? key : `${key}?`));

describe("questions that hang on earlier answers", () => {
  it("waits for the answer that decides", () => {
    expect(told({})).toEqual(["keep", "note?"]);
  });

  it("asks after one of several labels", () => {
    expect(told({ keep: { labels: ["unsure"] } })).toEqual(["keep", "affect", "note?"]);
  });

  it("demands an answer only where it says so", () => {
    expect(told({ keep: { labels: ["no"] } })).toEqual(["keep", "note"]);
  });

  it("reads what was chosen of two, and how much more", () => {
    const more = [
      question("which", { type: "comparison" }),
      question("why_none", { asked_if: { question: "which", labels: ["tie"] } }),
      question("what", { required: false, required_if: { question: "which", dimension: "grade", min: 2 } }),
    ];
    const dueAfter = (which: JsonObject) =>
      reached(more, (key) => (key === "which" ? which : null)).map(({ key, required }) => [key, required]);
    expect(dueAfter({ choice: "tie", order: ["a", "b"] })).toEqual([
      ["which", true],
      ["why_none", true],
      ["what", false],
    ]);
    expect(dueAfter({ choice: "b", grade: 2, order: ["a", "b"] })).toEqual([
      ["which", true],
      ["what", true],
    ]);
  });

  it("counts the ends of a range in", () => {
    const keep = { labels: ["yes"] };
    expect(told({ keep, affect: { arousal: 7 } })).toEqual(["keep", "affect", "why", "note?"]);
    expect(told({ keep, affect: { arousal: 6.9 } })).toEqual(["keep", "affect", "note?"]);
  });

  it("forgets what hangs on a question that is not asked any more", () => {
    expect(told({ keep: { labels: ["no"] }, affect: { arousal: 9 } })).toEqual(["keep", "note"]);
  });
});
