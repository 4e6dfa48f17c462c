import type { RateApi } from "../api/rate";
import type { Assignment, Question, SkipReason } from "../api/types";
import { newUuid } from "../base/uuid";
import type { SessionStatus } from "../trace/session";

/** What a question that records over time needs from the page it stands on. */
export interface Desk {
  api: RateApi;
  db: IDBDatabase;
  assignment: Assignment;
  /** The id under which this question's trace is opened; the same after a reload. */
  traceId(question: Question): Promise<string>;
  /** Gives the trace up for a new one. */
  renewTrace(question: Question): Promise<string>;
  /** How much is saved, for the header. */
  report(status: SessionStatus): void;
  /** Another tab has taken this rating over. */
  lostPen(): void;
  /** What this rater may see of the item has changed: asks for it anew. */
  lookAgain(): Promise<void>;
  /** Leaves the item out. */
  skip(reason: SkipReason): void;
  /** The rater has moved something. */
  touched(question: Question): void;
}

/** One id per page view: the events of a page share a performance clock that begins at `originMs`. */
export const PAGE = { id: newUuid(), originMs: performance.timeOrigin };
