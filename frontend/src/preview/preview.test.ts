import { describe, expect, test } from "vitest";
import { ApiError } from "../api/http";
import { RateApi } from "../api/rate";
import type { Assignment, Question } from "../api/types";
import type { FlowPage } from "../rate/flow";
import type { Preview, Verdict } from "./messages";
import { PreviewServer, type Tried } from "./server";
import { stageAt, stagesOf } from "./stages";

const question = (key: string): Question => ({
  key,
  type: key === "mood" ? "scale" : "trace1d",
  prompt: "?",
  help: "",
  required: true,
  options: {},
});

const assignment = (id: string, position: number, practice: boolean, questions: string[]): Assignment =>
  ({ id, position, practice, item: { id: `item-${id}` }, questions: questions.map(question) }) as Assignment;

const preview = {
  invite: { study: { title: "Masks", about_you: [] as Question[] }, state: "open" },
  participation: {
    id: "p",
    state: "consented",
    progress: { practice_done: 0, practice_total: 1, done: 0, total: 2 },
  },
  assignments: [
    assignment("a", 0, true, ["valence"]),
    assignment("b", 1, false, ["valence", "arousal", "mood"]),
    assignment("c", 2, false, ["mood"]),
  ],
} as Preview;

const verdict = (accepted: boolean): Verdict => ({
  accepted,
  code: accepted ? "" : "invalid_answer",
  message: accepted ? "" : "Some answers are not right: mood.",
  details: accepted ? {} : { mood: "Please answer this question." },
  scores: [],
});

/** The same of a study that asks about the rater. */
const curious: Preview = {
  ...preview,
  invite: { ...preview.invite, study: { ...preview.invite.study, about_you: [question("mood")] } },
};

function rater(accepted = true, of = preview) {
  const judged: Tried[] = [];
  const server = new PreviewServer(of, async (tried) => {
    judged.push(tried);
    return verdict(accepted);
  });
  return { server, api: new RateApi(server), judged };
}

const answers = (value: Record<string, string | number>) => ({
  submission_id: "s",
  responses: [{ id: "r", question: "mood", value, device: {} }],
  played: {},
  target: "",
});

describe("the pages of a study", () => {
  const stages = stagesOf(preview, ({ type }) => type === "trace1d");

  test("stand in the rater's order, one for each pass over a medium", () => {
    expect(stages.map(({ label }) => label)).toEqual([
      "Welcome",
      "Instructions",
      "Practice 1",
      "After practice",
      "Item 1, valence",
      "Item 1, arousal",
      "Item 1, questions",
      "Item 2",
      "End",
    ]);
    expect(new Set(stages.map(({ key }) => key)).size).toBe(stages.length);
  });

  test("begin with what is asked about the rater, where something is", () => {
    const labels = stagesOf(curious, () => false).map(({ label }) => label);
    expect(labels.slice(0, 3)).toEqual(["Welcome", "About the rater", "Instructions"]);
  });

  test("know which passes came before", () => {
    expect(stages.find(({ label }) => label === "Item 1, questions")?.place).toEqual({
      name: "item",
      index: 1,
      passed: ["valence", "arousal"],
    });
  });
});

test("a page is told as the stage it is, an item as the pass that is looked at", () => {
  const stages = stagesOf(preview, ({ type }) => type === "trace1d");
  const at = (page: FlowPage, before: string) => stageAt(page, stages, preview, before);
  const [, item] = preview.assignments;
  if (!item) throw new Error("no item");
  expect(at({ name: "practice_over" }, "item-0-0")).toBe("practice-over");
  expect(at({ name: "item", assignment: item }, "practice-over")).toBe("item-1-0");
  expect(at({ name: "item", assignment: item }, "item-1-2")).toBe("item-1-2");
  expect(at({ name: "declined" }, "welcome")).toBeNull();
});

describe("a preview's server", () => {
  test("goes through the study like a rater, and ends", async () => {
    const { api } = rater();
    expect((await api.arrive("preview", "x", false)).participation.state).toBe("invited");
    expect((await api.consent("digest")).state).toBe("consented");
    for (const id of ["a", "b", "c"]) {
      expect((await api.nextAssignment())?.id).toBe(id);
      expect((await api.submit(id, answers({ point: 3 }))).state).toBe("submitted");
    }
    expect(await api.nextAssignment()).toBeNull();
    expect(await api.participation()).toMatchObject({ state: "completed", completion_code: "PREVIEW" });
  });

  test("asks about the rater once", async () => {
    const { api, server } = rater(true, curious);
    server.place("consented", 0, false);
    expect((await api.participation()).about_you_due).toBe(true);
    expect((await api.describe({ mood: null })).about_you_due).toBe(false);
  });

  test("counts practice apart, and goes on after a skipped item", async () => {
    const { api, server } = rater();
    server.place("rating", 1);
    expect((await api.participation()).progress).toMatchObject({ practice_done: 1, done: 0, total: 2 });
    expect((await api.skip("b", "")).participation.progress.done).toBe(1);
    expect((await api.nextAssignment())?.id).toBe("c");
  });

  test("refuses with the words of the server that judges, and stays where it is", async () => {
    const { api, server } = rater(false);
    server.place("rating", 2);
    await expect(api.submit("c", answers({}))).rejects.toThrow("Some answers are not accepted (mood)");
    await expect(api.submit("c", answers({}))).rejects.toBeInstanceOf(ApiError);
    expect((await api.nextAssignment())?.id).toBe("c");
  });

  test("hands in what was recorded, and tells passes that were not played apart", async () => {
    const { api, judged } = rater();
    const begun = await api.openTrace({ id: "t", assignment: "b", question: "valence", device: {} });
    expect(begun).toMatchObject({ writer: 1, high_water: -1, state: "open" });
    const chunk = { seq: 0, writer: 1, sha256: "", body: "{}" };
    expect(await api.sendChunk("t", chunk)).toMatchObject({ high_water: 0, missing: [] });
    expect((await api.finishTrace("t", { writer: 1, chunks: 1, digest: "" })).state).toBe("finished");
    const responses = [
      { id: "1", question: "valence", value: { trace: "t" }, device: {} },
      { id: "2", question: "arousal", value: { trace: "not played" }, device: {} },
    ];
    await api.submit("b", { submission_id: "s", responses, played: {}, target: "Bob" });
    expect(judged[0]).toMatchObject({
      target: "Bob",
      item: "item-b",
      position: 1,
      traces: [
        { question: "valence", trace: "t", chunks: ["{}"] },
        { question: "arousal", trace: "not played", chunks: null },
      ],
    });
  });
});
