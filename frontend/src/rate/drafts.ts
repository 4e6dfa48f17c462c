import type { JsonObject, Question, ResponseBody, SubmissionBody } from "../api/types";
import { result, STORES, transact } from "../base/db";
import { newUuid } from "../base/uuid";

export interface Answer {
  response_id: string;
  value: JsonObject | null;
  shown_at: string | null;
  answered_at: string | null;
  first_input_ms: number | null;
  /** Time with the page in sight, up to the last change of the answer. */
  active_ms: number;
}

/** A rater's work on one assignment, kept on the device until the server has acknowledged it. */
export interface Draft {
  assignment: string;
  submission_id: string;
  answers: { [question: string]: Answer };
  traces: { [question: string]: string };
  played: JsonObject;
  /** Whom in the item the rater picked; absent while she has not. */
  target?: string;
  /** Set when the rater submitted: from then on exactly this is sent, however often. */
  submission: SubmissionBody | null;
}

export function newDraft(assignment: string): Draft {
  return { assignment, submission_id: newUuid(), answers: {}, traces: {}, played: {}, submission: null };
}

export function newAnswer(): Answer {
  return {
    response_id: newUuid(),
    value: null,
    shown_at: null,
    answered_at: null,
    first_input_ms: null,
    active_ms: 0,
  };
}

export function loadDraft(db: IDBDatabase, assignment: string): Promise<Draft> {
  return transact(db, [STORES.drafts], "readwrite", async (tx) => {
    const store = tx.objectStore(STORES.drafts);
    const kept: Draft | undefined = await result(store.get(assignment));
    if (kept) return kept;
    const draft = newDraft(assignment);
    store.put(draft);
    return draft;
  });
}

export function saveDraft(db: IDBDatabase, draft: Draft): Promise<void> {
  return transact(db, [STORES.drafts], "readwrite", async (tx) => {
    tx.objectStore(STORES.drafts).put(draft);
  });
}

export function deleteDraft(db: IDBDatabase, assignment: string): Promise<void> {
  return transact(db, [STORES.drafts], "readwrite", async (tx) => {
    tx.objectStore(STORES.drafts).delete(assignment);
  });
}

/** What goes to the server. Questions left out on purpose are not in it. */
export function composeSubmission(
  draft: Draft,
  questions: readonly Question[],
  device: JsonObject,
): SubmissionBody {
  const now = new Date().toISOString();
  const responses = questions.flatMap((question): ResponseBody[] => {
    const answer = draft.answers[question.key];
    if (!answer || answer.value === null) return [];
    const timing = {
      shown_at: answer.shown_at ?? now,
      answered_at: answer.answered_at ?? now,
      first_input_ms: answer.first_input_ms === null ? null : Math.round(answer.first_input_ms),
      active_ms: Math.round(answer.active_ms),
    };
    return [{ id: answer.response_id, question: question.key, value: answer.value, timing, device }];
  });
  return { submission_id: draft.submission_id, responses, played: draft.played, target: draft.target ?? "" };
}
