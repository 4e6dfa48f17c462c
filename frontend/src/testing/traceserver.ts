import { ApiError, type Http, type Method, NetworkError } from "../api/http";
import { RateApi } from "../api/rate";
import type { ChunkBody, ChunkReceipt, FinishBody, JsonObject, Trace, TraceOpening } from "../api/types";
import { sha256Hex } from "../base/sha256";

const refuse = (status: number, code: string, details: JsonObject = {}): ApiError =>
  new ApiError(status, { code, message: code, details });

/** The trace part of the HTTP contract, in memory. */
export class TraceServer {
  readonly chunks = new Map<number, ChunkBody>();
  writer = 0;
  finished = false;
  private id = "";
  private question = "";

  get highWater(): number {
    let mark = -1;
    while (this.chunks.has(mark + 1)) mark += 1;
    return mark;
  }

  open(body: TraceOpening): Trace {
    this.id = body.id;
    this.question = body.question;
    this.writer += 1;
    return this.trace();
  }

  store(chunk: ChunkBody): ChunkReceipt {
    if (chunk.writer < this.writer) throw refuse(409, "stale_writer");
    if (sha256Hex(chunk.body) !== chunk.sha256) throw refuse(400, "bad_digest");
    const known = this.chunks.get(chunk.seq);
    if (known && known.sha256 !== chunk.sha256) throw refuse(409, "chunk_conflict");
    this.chunks.set(chunk.seq, chunk);
    return { high_water: this.highWater, missing: this.missing(), state: "open" };
  }

  finish(body: FinishBody): Trace {
    if (this.highWater !== body.chunks - 1) throw refuse(409, "chunks_missing", { missing: this.missing() });
    const hashes = [...this.chunks.values()].sort((a, b) => a.seq - b.seq).map((chunk) => chunk.sha256);
    if (sha256Hex(hashes.join("")) !== body.digest) throw refuse(400, "bad_digest");
    this.finished = true;
    return this.trace();
  }

  /** Every event stored, in the order of the chunks. */
  events(): unknown[][] {
    return [...this.chunks.values()]
      .sort((a, b) => a.seq - b.seq)
      .flatMap((chunk) => (JSON.parse(chunk.body) as { events: unknown[][] }).events);
  }

  private trace(): Trace {
    return {
      id: this.id,
      question: this.question,
      writer: this.writer,
      state: this.finished ? "finished" : "open",
      high_water: this.highWater,
      missing: this.missing(),
      chunks: this.chunks.size,
      resume_at_us: null,
    };
  }

  private missing(): number[] {
    const top = Math.max(-1, ...this.chunks.keys());
    return Array.from({ length: top + 1 }, (_, seq) => seq).filter((seq) => !this.chunks.has(seq));
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * A network between the API and a server that loses requests, loses answers, repeats requests at once or much later
 * (so after newer ones), delivers late what it reported as lost, and has bad gateways. `faults` is the probability of
 * trouble per request; 1 is no network at all.
 */
export function faultyHttp(server: TraceServer, random: () => number, faults: () => number): Http {
  const answer = (path: string, body: unknown): unknown => {
    if (path.endsWith("/chunks/")) return server.store(body as ChunkBody);
    if (path.endsWith("/finish/")) return server.finish(body as FinishBody);
    return server.open(body as TraceOpening);
  };
  const ghost = async (path: string, body: unknown): Promise<void> => {
    for (let delay = Math.floor(random() * 40); delay > 0; delay--) await turn();
    try {
      answer(path, body);
    } catch {
      // Nobody waits for the answer of a repeated request.
    }
  };
  return {
    async send<T>(_method: Method, path: string, body?: unknown): Promise<T> {
      await turn();
      if (faults() >= 1) throw new NetworkError("no network");
      if (random() < faults()) {
        const kind = Math.floor(random() * 5);
        const opening = path.endsWith("traces/");
        if (kind === 0) throw new NetworkError("request lost");
        if (kind === 1) throw refuse(502, "http_502");
        if (kind === 2) {
          answer(path, body);
          throw new NetworkError("answer lost");
        }
        if (!opening) void ghost(path, structuredClone(body));
        if (kind === 3 && !opening) throw new NetworkError("request late");
      }
      return structuredClone(answer(path, body)) as T;
    },
  };
}

export function faultyApi(server: TraceServer, random: () => number, faults: () => number): RateApi {
  return new RateApi(faultyHttp(server, random, faults));
}

export { refuse, turn };
