import { ApiError } from "../api/http";
import type { RateApi } from "../api/rate";
import type { JsonObject, Trace } from "../api/types";
import { sha256Hex } from "../base/sha256";
import { t } from "../words/words";
import { CHUNK_LIMIT_BYTES } from "./chunker";
import { StaleWriterError, TraceJournal, type TraceRecord } from "./journal";
import { Outbox, OutboxStoppedError } from "./outbox";
import { type Screen, TraceRecorder } from "./recorder";

export const HEARTBEAT_HZ = 5;
const CUT_EVERY_MS = 2000;
/** Events of this many characters make a chunk before the two seconds are over. */
const CUT_AT_CHARS = CHUNK_LIMIT_BYTES * 0.75;

/** The browser's copy of a begun recording is gone, so it cannot be continued: a new one has to begin. */
export class RecordingLostError extends Error {
  constructor() {
    super(t("The first part of this recording is not on this device any more, so it starts again."));
    this.name = "RecordingLostError";
  }
}

export interface SessionStatus {
  /** A recording is under way, so there is always something on its way to the server. */
  live: boolean;
  /** Events or chunks that the server has not acknowledged yet. */
  pending: number;
  /** The last attempt to send failed and another one is scheduled. */
  retrying: boolean;
  stopped: OutboxStoppedError | null;
  /** Why the browser could not keep the newest events, while it cannot. */
  storageFailure: Error | null;
}

export interface SessionPorts {
  api: RateApi;
  db: IDBDatabase;
  wait(ms: number, then: () => void): () => void;
  random(): number;
  /** One id per page view, and what its performance clock counts from. */
  page: { id: string; originMs: number };
  changed(status: SessionStatus): void;
}

export interface SessionPlace {
  trace: string;
  assignment: string;
  question: string;
  device: JsonObject;
  start: readonly number[];
}

/** One page's hold on a trace: records, keeps, sends, finishes. Knows nothing of the DOM. */
export class TraceSession {
  readonly recorder: TraceRecorder;
  readonly resumeUs: number;
  /** The server has the whole trace; nothing is left to do. */
  readonly alreadyFinished: boolean;
  /** An earlier page recorded to the end but could not finish. */
  readonly alreadyEnded: boolean;
  private readonly ports: SessionPorts;
  private readonly journal: TraceJournal;
  private readonly outbox: Outbox;
  private readonly writer: number;
  private unsaved: string[] = [];
  private uncutChars = 0;
  private lastCutMs = 0;
  private retrying = false;
  private ended = false;
  private live = false;
  private storageFailure: Error | null = null;
  private writing: Promise<void> = Promise.resolve();

  private constructor(ports: SessionPorts, place: SessionPlace, journal: TraceJournal, kept: Kept) {
    const { server, record, tail } = kept;
    this.ports = ports;
    this.journal = journal;
    this.writer = server.writer;
    this.recorder = new TraceRecorder(record.last_value ?? place.start, record.next_event_seq);
    this.resumeUs = Math.max(record.last_media_us ?? 0, server.resume_at_us ?? 0);
    this.alreadyFinished = server.state === "finished";
    this.alreadyEnded = record.ended;
    this.outbox = new Outbox(
      {
        journal,
        send: (chunk) => ports.api.sendChunk(place.trace, { ...chunk, writer: server.writer }),
        wait: ports.wait,
        random: ports.random,
        changed: (state) => {
          this.retrying = state.mode === "waiting";
          this.report();
        },
      },
      server.high_water,
      tail,
    );
    this.outbox.notify(tail);
  }

  /** Takes the pen of the trace, whether it is new or was begun by an earlier page. */
  static async open(ports: SessionPorts, place: SessionPlace): Promise<TraceSession> {
    const { trace: id, assignment, question, device } = place;
    const server = await ports.api.openTrace({ id, assignment, question, device });
    const journal = new TraceJournal(ports.db, id);
    const known = await journal.record();
    const recorded = known?.next_chunk_seq ?? 0;
    if (server.state !== "finished" && server.high_water >= recorded) throw new RecordingLostError();
    const record = await journal.claim(server);
    const tail = await journal.cut();
    return new TraceSession(ports, place, journal, { server, record, tail });
  }

  get status(): SessionStatus {
    return {
      live: this.live,
      pending: this.outbox.pending + (this.unsaved.length || this.uncutChars ? 1 : 0),
      retrying: this.retrying,
      stopped: this.outbox.stopped,
      storageFailure: this.storageFailure,
    };
  }

  /** Called at the heartbeat rate: notes that the recording lives, keeps it, sends it. */
  beat(nowMs: number, recording: boolean): Promise<void> {
    this.live = recording;
    if (recording) this.recorder.heartbeat(nowMs);
    const due = nowMs - this.lastCutMs >= CUT_EVERY_MS || this.uncutChars >= CUT_AT_CHARS;
    if (due) this.lastCutMs = nowMs;
    return this.keep(due);
  }

  /** Puts all that was recorded into the browser's database now; `cut` also makes it ready to send. */
  keep(cut: boolean): Promise<void> {
    const written = this.writing.then(() => this.write(cut));
    this.writing = written.catch(() => undefined);
    return written;
  }

  hurry(): void {
    this.outbox.hurry();
  }

  /** Stops this page's hold, as when another tab has taken over. */
  abandon(): void {
    this.outbox.stop(new OutboxStoppedError("stale", t("This rating goes on in another tab.")));
  }

  /** The medium was rated to its end: nothing is recorded after this. */
  end(nowMs: number): void {
    this.recorder.mark("end", nowMs);
    this.ended = true;
    this.live = false;
  }

  /** Resolves when the server has every chunk and has closed the trace. May be called again after a failure. */
  async finish(): Promise<void> {
    await this.keep(true);
    await this.outbox.drained();
    const hashes = await this.journal.hashes();
    const digest = sha256Hex(hashes.join(""));
    await this.ports.api.finishTrace(this.journal.trace, {
      writer: this.writer,
      chunks: hashes.length,
      digest,
    });
  }

  private async write(cut: boolean): Promise<void> {
    // Only the pen decides: what cannot be sent (an expired session) is kept for the page that will send it.
    if (this.outbox.stopped?.reason === "stale") return;
    const events = this.recorder.log.drain();
    this.unsaved.push(...events);
    try {
      if (this.unsaved.length > 0) await this.append(this.unsaved);
      if (cut && this.uncutChars > 0) {
        const tail = await this.journal.cut();
        this.uncutChars = 0;
        this.outbox.notify(tail);
      }
      this.storageFailure = null;
    } catch (error) {
      if (error instanceof StaleWriterError) return this.abandon();
      this.storageFailure = error instanceof Error ? error : new Error(String(error));
      throw error;
    } finally {
      this.report();
    }
  }

  private async append(events: string[]): Promise<void> {
    const { recorder, ports, ended } = this;
    const { page } = ports;
    const { screen, clock } = recorder;
    const head = {
      page: page.id,
      origin_ms: page.originMs,
      clock: clock.fit,
      screen: screen && seenOn(screen),
    };
    await this.journal.append({
      head,
      events,
      first_seq: (JSON.parse(events[0] ?? "[0]") as [number])[0],
      next_seq: recorder.log.nextSeq - recorder.log.size,
      last_media_us: recorder.lastMedia,
      last_value: Array.from(recorder.value),
      ended,
    });
    this.uncutChars += events.reduce((sum, text) => sum + text.length + 1, 0);
    this.unsaved = this.unsaved.slice(events.length);
  }

  private report(): void {
    this.ports.changed(this.status);
  }
}

/** As it is now: it goes on counting. */
const seenOn = ({ frames_shown, frames_missed, refresh_hz }: Readonly<Screen>): Screen => ({
  frames_shown,
  frames_missed,
  refresh_hz,
});

interface Kept {
  server: Trace;
  record: TraceRecord;
  tail: number;
}

/** Tells whether the trace of a failed opening is beyond this browser and a new one must begin. */
export function mustRestart(error: unknown): boolean {
  if (error instanceof RecordingLostError) return true;
  if (error instanceof OutboxStoppedError) return error.reason === "conflict" || error.reason === "lost";
  return error instanceof ApiError && error.code === "chunk_conflict";
}
