import { ApiError, type Http, type Method } from "../api/http";
import type { components } from "../api/schema";
import type {
  ChunkBody,
  JsonObject,
  Participation,
  ParticipationState,
  SubmissionBody,
  Trace,
  TraceOpening,
} from "../api/types";
import type { Preview, Verdict } from "./messages";

type TriedTrace = components["schemas"]["TriedTraceBodyRequest"];

/** What was answered to one item, for the server to judge. */
export interface Tried {
  assignment: string;
  item: string;
  position: number;
  responses: SubmissionBody["responses"];
  played: JsonObject;
  /** Whom the rater picked; empty: there was nobody to choose from. */
  target: string;
  traces: TriedTrace[];
}

interface Recording extends Trace {
  bodies: string[];
}

const NO_SUCH = { code: "not_found", message: "A preview does not have this.", details: {} };

/** Answers a rater's calls out of what would be asked, in memory. Only whether answers are right is asked elsewhere. */
export class PreviewServer implements Http {
  private readonly preview: Preview;
  private readonly judge: (tried: Tried) => Promise<Verdict>;
  private readonly recordings = new Map<string, Recording>();
  private state: ParticipationState = "invited";
  private at = 0;
  private described = false;

  constructor(preview: Preview, judge: (tried: Tried) => Promise<Verdict>) {
    this.preview = preview;
    this.judge = judge;
  }

  /** Puts the rater where she has handed in all items before `at`, and has told of herself or is still to. */
  place(state: ParticipationState, at: number, described = true): void {
    this.state = state;
    this.described = described;
    this.at = at;
  }

  async send<T>(_method: Method, path: string, body?: unknown): Promise<T> {
    return (await this.answer(path.replace(/^rate\//, "").replace(/\?.*$/, ""), body)) as T;
  }

  private answer(path: string, body: unknown): unknown {
    const [room, id, action] = path.split("/");
    if (room === "invites")
      return action === "arrive" ? { token: "preview", participation: this.me() } : this.preview.invite;
    if (room === "participation") return this.move(id ?? "");
    if (room === "assignments") return this.assignment(id ?? "", action ?? "", body);
    if (room === "traces") return this.trace(id ?? "", action ?? "", body);
    throw new ApiError(404, NO_SUCH);
  }

  private move(step: string): Participation {
    if (step === "consent") this.state = "consented";
    if (step === "withdraw") this.state = "withdrawn";
    if (step === "about-you") this.described = true;
    return this.me();
  }

  private assignment(id: string, action: string, body: unknown): unknown {
    const { assignments } = this.preview;
    if (id === "next") {
      if (this.state !== "completed") this.state = "rating";
      const next = assignments[this.at] ?? null;
      if (!next) this.state = "completed";
      return next;
    }
    const own = assignments.find((one) => one.id === id);
    if (!own) throw new ApiError(404, NO_SUCH);
    if (action === "submit") return this.submit(id, body as SubmissionBody);
    if (action !== "skip") return own;
    this.goOn();
    return { assignment: id, state: "skipped", participation: this.me() };
  }

  private async submit(id: string, { responses, played, target }: SubmissionBody): Promise<unknown> {
    const own = this.preview.assignments.find((one) => one.id === id);
    if (!own) throw new ApiError(404, NO_SUCH);
    const traces = responses.flatMap(({ question, value }): TriedTrace[] =>
      typeof value.trace === "string"
        ? [{ question, trace: value.trace, chunks: this.bodiesOf(value.trace) }]
        : [],
    );
    const verdict = await this.judge({
      assignment: id,
      item: own.item.id,
      position: own.position,
      responses,
      played: played ?? {},
      target: target ?? "",
      traces,
    });
    if (!verdict.accepted) throw new ApiError(400, { ...verdict, details: verdict.details as JsonObject });
    this.goOn();
    return { assignment: id, state: "submitted", participation: this.me(), scores: verdict.scores };
  }

  private bodiesOf(trace: string): string[] | null {
    return this.recordings.get(trace)?.bodies ?? null;
  }

  private goOn(): void {
    this.at += 1;
    if (this.at >= this.preview.assignments.length) this.state = "completed";
  }

  private me(): Participation {
    const { participation, assignments, invite } = this.preview;
    const done = assignments.slice(0, this.at);
    const practice_done = done.filter((one) => one.practice).length;
    return {
      ...participation,
      state: this.state,
      about_you_due: invite.study.about_you.length > 0 && !this.described,
      progress: { ...participation.progress, practice_done, done: done.length - practice_done },
      completion_code: this.state === "completed" ? "PREVIEW" : null,
    };
  }

  private trace(id: string, action: string, body: unknown): unknown {
    if (id === "") return this.open(body as TraceOpening);
    const own = this.recordings.get(id);
    if (!own) throw new ApiError(404, NO_SUCH);
    if (action === "chunks") {
      const { seq, body: text } = body as ChunkBody;
      own.bodies[seq] = text;
      own.chunks = own.bodies.length;
      own.high_water = own.bodies.length - 1;
      return { high_water: own.high_water, missing: [], state: own.state };
    }
    if (action === "finish") own.state = "finished";
    const { bodies: _, ...told } = own;
    return told;
  }

  private open({ id, question }: TraceOpening): Trace {
    const known = this.recordings.get(id);
    const begun: Recording = {
      ...{ id, question, writer: 1, state: "open", high_water: -1 },
      ...{ missing: [], chunks: 0, resume_at_us: null, bodies: [] },
    };
    if (!known) this.recordings.set(id, begun);
    const { bodies: _, ...told } = known ?? begun;
    return told;
  }
}
