import { ApiError } from "../api/http";
import type { RateApi } from "../api/rate";
import type {
  Assignment,
  JsonObject,
  Participation,
  Question,
  SkipReason,
  SubmissionReceipt,
} from "../api/types";
import { deviceFacts } from "../base/device";
import { Store } from "../base/store";
import { newUuid } from "../base/uuid";
import { TraceJournal } from "../trace/journal";
import type { SessionStatus } from "../trace/session";
import { t } from "../words/words";
import { insist } from "./connection";
import {
  type Answer,
  composeSubmission,
  type Draft,
  deleteDraft,
  loadDraft,
  newAnswer,
  saveDraft,
} from "./drafts";
import { playedAfter } from "./playing/played";
import { SightTimer, touchedAnswer } from "./timing";

export type SaveState =
  | { kind: "saved" }
  /** A recording goes on and arrives. */
  | { kind: "live" }
  | { kind: "sending" }
  /** Kept on this device, waiting for the network. */
  | { kind: "kept" }
  | { kind: "unsafe"; message: string };

export interface BenchState {
  draft: Draft | null;
  /** Sending the answers; nothing can be changed any more. */
  submitting: boolean;
  problem: string | null;
}

export interface BenchPorts {
  api: RateApi;
  db: IDBDatabase;
  assignment: Assignment;
  save: Store<SaveState>;
  submitted(receipt: SubmissionReceipt): void;
  skipped(participation: Participation): void;
  superseded(): void;
}

/** Another tab of this rater was faster. */
const OVER: readonly string[] = ["already_submitted", "already_skipped"];

const withView = (draft: Draft, view: JsonObject | null): Draft =>
  view ? { ...draft, played: { ...draft.played, view } } : draft;

/** Of the draft of an earlier page: how it looked at the item stands behind what pages before it said. */
function withEarlierViews(draft: Draft): Draft {
  const { view, ...played } = draft.played;
  if (view === undefined) return draft;
  const before = Array.isArray(played.earlier_views) ? played.earlier_views : [];
  return { ...draft, played: { ...played, earlier_views: [...before, view] } };
}

/** One assignment in the rater's hands: its draft, kept at each change, and its submission, sent until acknowledged. */
export class Workbench {
  readonly state = new Store<BenchState>({ draft: null, submitting: false, problem: null });
  private readonly ports: BenchPorts;
  private readonly timers = new Map<string, SightTimer>();
  private readonly before: { [question: string]: number } = {};
  private playedBefore: JsonObject = {};
  private view: JsonObject | null = null;
  private keeping: Promise<void> = Promise.resolve();

  constructor(ports: BenchPorts) {
    this.ports = ports;
  }

  /** Fetches the draft of an earlier page; when that had already submitted, submits again. */
  async open(): Promise<void> {
    const { db, assignment } = this.ports;
    const draft = await loadDraft(db, assignment.id);
    for (const [key, answer] of Object.entries(draft.answers)) this.before[key] = answer.active_ms;
    this.playedBefore = draft.played;
    this.state.patch({ draft: withView(withEarlierViews(draft), this.view) });
    if (draft.submission) await this.submit();
  }

  /** Tells the server that the rater is still at it; a failure is tried again with the next call. */
  async renewLease(): Promise<void> {
    if (!document.hidden) await this.ports.api.assignment(this.ports.assignment.id).catch(() => undefined);
  }

  visibility(visible: boolean): void {
    for (const timer of this.timers.values()) timer.visibility(performance.now(), visible);
  }

  answer(question: Question): Answer | null {
    return this.state.get().draft?.answers[question.key] ?? null;
  }

  /** The question is on the screen. */
  shown(question: Question): void {
    this.timer(question);
    const old = this.answer(question);
    if (!old?.shown_at) this.put(question, { ...(old ?? newAnswer()), shown_at: new Date().toISOString() });
  }

  touch(question: Question): void {
    const old = this.answer(question) ?? newAnswer();
    const before = this.before[question.key] ?? 0;
    this.put(question, touchedAnswer(old, this.timer(question), before, performance.now(), new Date()));
  }

  /** What is under way to the server stays as it is. */
  setValue(question: Question, value: JsonObject | null): void {
    if (this.state.get().submitting) return;
    this.touch(question);
    const answer = this.answer(question);
    if (answer) this.put(question, { ...answer, value });
  }

  /** What this page played so far; what earlier pages played stays beside it. */
  setPlayed(played: JsonObject): void {
    const { draft, submitting } = this.state.get();
    if (!draft || submitting || Object.keys(played).length === 0) return;
    void this.keep({ ...draft, played: { ...draft.played, ...playedAfter(this.playedBefore, played) } });
  }

  /** How this page says that the item is looked at, also before there is a draft; what earlier pages said stays beside it. */
  setView(view: JsonObject): void {
    this.view = view;
    const { draft, submitting } = this.state.get();
    if (draft && !submitting) void this.keep(withView(draft, view));
  }

  /** The rater has made the medium visible; when, stays with what was played. */
  reveal(): void {
    const { draft } = this.state.get();
    if (!draft) return;
    void this.keep({ ...draft, played: { ...draft.played, revealed_at: new Date().toISOString() } });
  }

  /** The rater has asked for the context; when, stays with what was played. */
  showContext(): void {
    const { draft } = this.state.get();
    if (!draft) return;
    void this.keep({ ...draft, played: { ...draft.played, context_shown_at: new Date().toISOString() } });
  }

  /** From now on everything is about this person. */
  pick(target: string): void {
    const { draft } = this.state.get();
    if (draft) void this.keep({ ...draft, target });
  }

  /** Leaves this item out; what was answered so far goes nowhere. */
  async skip(reason: SkipReason): Promise<void> {
    const { api, assignment, save } = this.ports;
    const { draft, submitting } = this.state.get();
    if (!draft || submitting) return;
    this.state.patch({ submitting: true, problem: null });
    try {
      save.set({ kind: "sending" });
      const { participation } = await insist(
        () => api.skip(assignment.id, reason),
        () => save.set({ kind: "kept" }),
      );
      save.set({ kind: "saved" });
      await this.forget(draft);
      this.ports.skipped(participation);
    } catch (error) {
      await this.refused(error, draft);
    }
  }

  /** The id of the question's trace, made once and kept. */
  async traceId(question: Question): Promise<string> {
    const known = this.state.get().draft?.traces[question.key];
    return known ?? this.renewTrace(question);
  }

  async renewTrace(question: Question): Promise<string> {
    const { draft } = this.state.get();
    if (!draft) throw new Error(t("The draft is not loaded yet."));
    const id = newUuid();
    await this.keep({ ...draft, traces: { ...draft.traces, [question.key]: id } });
    return id;
  }

  /** Sends the answers until the server has them. Another call while one is under way does nothing. */
  async submit(): Promise<void> {
    const { api, assignment, save } = this.ports;
    const { draft, submitting } = this.state.get();
    if (!draft || submitting) return;
    this.state.patch({ submitting: true, problem: null });
    const submission = draft.submission ?? composeSubmission(draft, assignment.questions, deviceFacts());
    try {
      await this.keep({ ...draft, submission });
      save.set({ kind: "sending" });
      const receipt = await insist(
        () => api.submit(assignment.id, submission),
        () => save.set({ kind: "kept" }),
      );
      save.set({ kind: "saved" });
      await this.forget(draft);
      this.ports.submitted(receipt);
    } catch (error) {
      await this.refused(error, draft);
    }
  }

  reportTrace(status: SessionStatus): void {
    const { save } = this.ports;
    if (status.storageFailure) save.set({ kind: "unsafe", message: status.storageFailure.message });
    else if (status.retrying || status.stopped) this.mark("kept");
    else if (status.live) this.mark("live");
    else this.mark(status.pending > 0 ? "sending" : "saved");
  }

  private timer(question: Question): SightTimer {
    const known = this.timers.get(question.key);
    if (known) return known;
    const timer = new SightTimer(performance.now(), !document.hidden);
    this.timers.set(question.key, timer);
    return timer;
  }

  private mark(kind: "saved" | "live" | "sending" | "kept"): void {
    if (this.ports.save.get().kind !== kind) this.ports.save.set({ kind });
  }

  private put(question: Question, answer: Answer): void {
    const { draft } = this.state.get();
    if (draft) void this.keep({ ...draft, answers: { ...draft.answers, [question.key]: answer } });
  }

  /** Shows the draft at once and writes it in order; a failing device is said, not thrown. */
  private keep(draft: Draft): Promise<void> {
    const { db, save } = this.ports;
    this.state.patch({ draft });
    this.keeping = this.keeping
      .then(() => saveDraft(db, draft))
      .catch((error: Error) => save.set({ kind: "unsafe", message: error.message }));
    return this.keeping;
  }

  private async forget(draft: Draft): Promise<void> {
    const { db, assignment } = this.ports;
    for (const trace of Object.values(draft.traces)) await new TraceJournal(db, trace).forget();
    await deleteDraft(db, assignment.id);
  }

  private async refused(error: unknown, draft: Draft): Promise<void> {
    if (error instanceof ApiError && OVER.includes(error.code)) {
      await this.forget(draft);
      return this.ports.superseded();
    }
    await this.keep({ ...draft, submission: null });
    this.ports.save.set({ kind: "saved" });
    this.state.patch({ submitting: false, problem: error instanceof Error ? error.message : String(error) });
  }
}
