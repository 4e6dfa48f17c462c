import { withWords } from "../words/languages";
import { ApiError, type Http, isTransient, type Method } from "./http";
import type {
  Arrival,
  Assignment,
  ChunkBody,
  ChunkReceipt,
  FinishBody,
  Invite,
  JsonObject,
  Participation,
  Recording,
  RecordingOpening,
  SkipReason,
  SkipReceipt,
  SubmissionBody,
  SubmissionReceipt,
  Trace,
  TraceOpening,
} from "./types";

/** The same error in the rater's language, where the sentences for it can be loaded. */
async function told(error: ApiError): Promise<ApiError> {
  try {
    const { toldToRater } = await withWords(() => import("./refusals"), "after");
    return toldToRater(error);
  } catch {
    return error;
  }
}

async function telling<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof ApiError ? await told(error) : error;
  }
}

/** The calls a rater's browser makes. `token` is set once the rater has arrived. */
export class RateApi {
  token: string | null = null;
  /** In which the study is told; null: whichever the browser prefers. */
  language: string | null = null;
  /** Gets a new token for the same rater, where the server does not know hers any more. */
  renew: (() => Promise<void>) | null = null;
  private readonly http: Http;

  constructor(http: Http) {
    this.http = http;
  }

  invite(code: string): Promise<Invite> {
    return this.get(this.told(`invites/${encodeURIComponent(code)}/`));
  }

  /** `earlier`: token of the participation in which the rater made what this study asks about. */
  arrive(code: string, arrivalId: string, simulated: boolean, earlier = ""): Promise<Arrival> {
    const body = { arrival_id: arrivalId, ...(simulated && { simulated }), ...(earlier && { earlier }) };
    // Without a token: that one may be the reason for arriving again.
    return telling(this.http.send("POST", `rate/invites/${encodeURIComponent(code)}/arrive/`, body));
  }

  participation(): Promise<Participation> {
    return this.get("participation/");
  }

  consent(digest: string): Promise<Participation> {
    return this.post("participation/consent/", { digest });
  }

  /** To each question about the rater an answer, or null: would rather not say. */
  describe(answers: JsonObject): Promise<Participation> {
    return this.post("participation/about-you/", { answers });
  }

  withdraw(): Promise<Participation> {
    return this.post("participation/withdraw/", {});
  }

  /** The open assignment, else a new lease, else null: nothing is left for this rater. */
  nextAssignment(): Promise<Assignment | null> {
    return this.post(this.told("assignments/next/"), {});
  }

  /** Reading an assignment also renews its lease. */
  assignment(id: string): Promise<Assignment> {
    return this.get(this.told(`assignments/${id}/`));
  }

  skip(assignment: string, reason: SkipReason): Promise<SkipReceipt> {
    return this.post(`assignments/${assignment}/skip/`, { reason });
  }

  submit(assignment: string, body: SubmissionBody): Promise<SubmissionReceipt> {
    return this.post(`assignments/${assignment}/submit/`, body);
  }

  openTrace(body: TraceOpening): Promise<Trace> {
    return this.post("traces/", body);
  }

  sendChunk(trace: string, body: ChunkBody): Promise<ChunkReceipt> {
    return this.post(`traces/${trace}/chunks/`, body);
  }

  finishTrace(trace: string, body: FinishBody): Promise<Trace> {
    return this.post(`traces/${trace}/finish/`, body);
  }

  openRecording(body: RecordingOpening): Promise<Recording> {
    return this.post("recordings/", body);
  }

  sendPiece(recording: string, seq: number, sha256: string, body: ArrayBuffer): Promise<Recording> {
    const path = `rate/recordings/${recording}/chunks/${seq}/?sha256=${sha256}`;
    return this.http.send("PUT", path, body, this.token);
  }

  finishRecording(recording: string): Promise<Recording> {
    return this.post(`recordings/${recording}/finish/`, {});
  }

  private told(path: string): string {
    return this.language === null ? path : `${path}?lang=${encodeURIComponent(this.language)}`;
  }

  private get<T>(path: string): Promise<T> {
    return this.call<T>("GET", path);
  }

  private post<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>("POST", path, body);
  }

  /** Any call below `rate/`, its refusals in the rater's language. */
  call<T>(method: Method, path: string, body?: unknown): Promise<T> {
    return telling(this.send<T>(method, path, body));
  }

  private async send<T>(method: Method, path: string, body: unknown): Promise<T> {
    const { token } = this;
    try {
      return await this.http.send<T>(method, `rate/${path}`, body, token);
    } catch (error) {
      const expired = token !== null && error instanceof ApiError && error.status === 401;
      if (!expired || !(await this.renewed())) throw error;
      return this.http.send<T>(method, `rate/${path}`, body, this.token);
    }
  }

  /** Whether the rater was let in again. Without an answer nobody knows, so that all is tried again later. */
  private async renewed(): Promise<boolean> {
    try {
      await this.renew?.();
      return this.renew !== null;
    } catch (error) {
      if (isTransient(error)) throw error;
      return false;
    }
  }
}
