import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { ApiError } from "../api/http";
import { RateApi } from "../api/rate";
import type { Assignment, Question, SubmissionBody } from "../api/types";
import { openDb } from "../base/db";
import { Store } from "../base/store";
import { loadDraft } from "./drafts";
import { type SaveState, Workbench } from "./workbench";

const WHY: Question = { key: "why", type: "text", prompt: "", help: "", required: true, options: {} };

const ASSIGNMENT: Assignment = {
  id: "a1",
  state: "open",
  practice: false,
  position: 0,
  lease_until: "",
  item: {
    id: "i",
    kind: "text",
    duration_s: null,
    onset_s: null,
    offset_s: null,
    condition: "text",
    text: "t",
    context: null,
    media: {},
    frame_rate_hz: null,
    parts: [],
    samples: null,
    frames_s: [],
    target: null,
    people: [],
    choose_from: [],
  },
  questions: [WHY],
  presentation: {
    order: "random",
    pause: true,
    rewind: false,
    sound: true,
    lead_in_s: 0,
    blur: false,
    skip: false,
    must_play: null,
  },
  traces: [],
  proposals: [],
};

beforeAll(() => {
  vi.stubGlobal("document", { hidden: false });
  vi.stubGlobal("navigator", { language: "en" });
  vi.stubGlobal("window", {
    matchMedia: () => ({ matches: false }),
    innerWidth: 1,
    innerHeight: 1,
    devicePixelRatio: 1,
  });
});

function bench(db: IDBDatabase, answer: (body: SubmissionBody) => unknown) {
  const sent: SubmissionBody[] = [];
  const done: string[] = [];
  const api = new RateApi({
    async send<T>(_method: "GET" | "POST", _path: string, body?: unknown): Promise<T> {
      sent.push(body as SubmissionBody);
      return answer(body as SubmissionBody) as T;
    },
  });
  const save = new Store<SaveState>({ kind: "saved" });
  const made = new Workbench({
    api,
    db,
    assignment: ASSIGNMENT,
    save,
    submitted: () => done.push("submitted"),
    skipped: () => done.push("skipped"),
    superseded: () => done.push("superseded"),
  });
  return { made, sent, done };
}

test("how an item was looked at stays through reloads, page by page", async () => {
  const db = await openDb(new IDBFactory());
  const looks = [[{ gain: 1 }, { gain: 2 }], [{ gain: 4 }], [{ gain: 8 }]];
  for (const [first, ...more] of looks) {
    const { made } = bench(db, () => ({}));
    // Presenters may speak before the draft is there.
    made.setView(first ?? {});
    await made.open();
    for (const view of more) made.setView(view);
    made.touch(WHY);
    await vi.waitFor(async () => expect(await loadDraft(db, "a1")).toEqual(made.state.get().draft));
  }
  const { made, sent } = bench(db, () => ({}));
  await made.open();
  made.setView({ gain: 16 });
  await made.submit();
  expect(sent[0]?.played).toMatchObject({
    view: { gain: 16 },
    earlier_views: [{ gain: 2 }, { gain: 4 }, { gain: 8 }],
  });
});

test("what was played stays through reloads, of several media each by its name", async () => {
  const db = await openDb(new IDBFactory());
  const part = (...ranges_s: number[][]) => ({ ranges_s, muted: false });
  const first = bench(db, () => ({})).made;
  await first.open();
  first.setPlayed({ parts: { a: part([0, 2]) } });
  first.setPlayed({ parts: { a: part([0, 3]) } });
  await vi.waitFor(async () => expect(await loadDraft(db, "a1")).toEqual(first.state.get().draft));
  const { made, sent } = bench(db, () => ({}));
  await made.open();
  made.setPlayed({ parts: { a: part([1, 2]), b: part([5, 6]) } });
  made.setPlayed({ stretches: [] });
  await made.submit();
  expect(sent[0]?.played).toMatchObject({ parts: { a: part([0, 3], [1, 2]), b: part([5, 6]) } });
});

describe("submitting", () => {
  test("a double click sends once and forgets the draft after the answer", async () => {
    const db = await openDb(new IDBFactory());
    const { made, sent, done } = bench(db, () => ({}));
    await made.open();
    made.setValue(WHY, { text: "because" });
    await Promise.all([made.submit(), made.submit()]);
    expect(sent).toHaveLength(1);
    expect(done).toEqual(["submitted"]);
    expect((await loadDraft(db, "a1")).submission_id).not.toBe(sent[0]?.submission_id);
  });

  test("a page that died while sending sends exactly the same again after a reload", async () => {
    const db = await openDb(new IDBFactory());
    const dying = bench(db, () => new Promise(() => {}));
    await dying.made.open();
    dying.made.setValue(WHY, { text: "because" });
    void dying.made.submit();
    await vi.waitUntil(() => dying.sent.length === 1);
    const reloaded = bench(db, () => ({}));
    await reloaded.made.open();
    expect(reloaded.sent).toEqual(dying.sent);
    expect(reloaded.done).toEqual(["submitted"]);
  });

  test("a refusal is shown and the answers can be changed", async () => {
    const db = await openDb(new IDBFactory());
    const refusal = new ApiError(400, { code: "too_short", message: "Too short.", details: {} });
    const { made, done } = bench(db, () => {
      throw refusal;
    });
    await made.open();
    made.setValue(WHY, { text: "b" });
    await made.submit();
    expect(made.state.get()).toMatchObject({ submitting: false, problem: "Too short." });
    expect((await loadDraft(db, "a1")).submission).toBeNull();
    expect(done).toEqual([]);
  });

  test("answers that another tab has already given are not sent again", async () => {
    const db = await openDb(new IDBFactory());
    const refusal = new ApiError(409, { code: "already_submitted", message: "", details: {} });
    const { made, done } = bench(db, () => {
      throw refusal;
    });
    await made.open();
    made.setValue(WHY, { text: "b" });
    await made.submit();
    expect(done).toEqual(["superseded"]);
  });
});
