import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { expect, test } from "vitest";
import type { Question } from "../api/types";
import { openDb } from "../base/db";
import { composeSubmission, deleteDraft, loadDraft, newAnswer, saveDraft } from "./drafts";
import { SightTimer, touchedAnswer } from "./timing";

const question = (key: string): Question => ({
  key,
  type: "text",
  prompt: "",
  help: "",
  required: false,
  options: {},
});

test("a draft keeps its ids over a reload, so a repeated submission is the same one", async () => {
  const db = await openDb(new IDBFactory());
  const draft = await loadDraft(db, "a1");
  const answers = { why: { ...newAnswer(), value: { text: "because" } } };
  await saveDraft(db, { ...draft, answers });
  const again = await loadDraft(db, "a1");
  expect(again.submission_id).toBe(draft.submission_id);
  expect(again.answers.why?.response_id).toBe(answers.why.response_id);
  const [first, second] = [draft, again].map((one) =>
    composeSubmission({ ...one, answers }, [question("why")], {}),
  );
  expect(first?.responses[0]?.id).toBe(second?.responses[0]?.id);
  await deleteDraft(db, "a1");
  expect((await loadDraft(db, "a1")).submission_id).not.toBe(draft.submission_id);
});

test("questions without an answer are not in the submission", async () => {
  const db = await openDb(new IDBFactory());
  const draft = await loadDraft(db, "a2");
  const answers = { one: { ...newAnswer(), value: { text: "x" } }, two: newAnswer() };
  const body = composeSubmission(
    { ...draft, answers },
    [question("one"), question("two"), question("three")],
    {},
  );
  expect(body.responses.map((response) => response.question)).toEqual(["one"]);
});

test("active time counts only while the page is in sight, over several pages", () => {
  const timer = new SightTimer(1000, true);
  timer.visibility(3000, false);
  timer.visibility(10_000, true);
  const now = new Date("2026-01-01T00:00:00Z");
  const answer = touchedAnswer(newAnswer(), timer, 500, 11_000, now);
  expect(answer).toMatchObject({
    active_ms: 3500,
    first_input_ms: 10_000,
    answered_at: "2026-01-01T00:00:00.000Z",
  });
  expect(touchedAnswer(answer, timer, 500, 12_000, now)).toMatchObject({
    active_ms: 4500,
    first_input_ms: 10_000,
  });
});
