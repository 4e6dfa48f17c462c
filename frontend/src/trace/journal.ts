import type { Trace } from "../api/types";
import { result, STORES, transact } from "../base/db";
import { t } from "../words/words";
import { cutChunks, type PageHead } from "./chunker";

/** Another page has the pen of this trace; what this one still holds must not be written. */
export class StaleWriterError extends Error {
  constructor() {
    super(t("This rating goes on in another tab."));
    this.name = "StaleWriterError";
  }
}

export interface TraceRecord {
  id: string;
  writer: number;
  next_event_seq: number;
  next_chunk_seq: number;
  /** Media time of the last event kept, null before the first. */
  last_media_us: number | null;
  /** Where the dot stood then: it stands there again after a reload. */
  last_value: number[] | null;
  /** The medium was rated to its end. */
  ended: boolean;
}

/** Events of one page view, as they left the ring buffer. */
interface Batch extends PageHead {
  trace: string;
  first_seq: number;
  events: string[];
}

/** A cut chunk; its body goes when the server has acknowledged it, its hash stays for the finishing digest. */
export interface ChunkRow {
  trace: string;
  seq: number;
  sha256: string;
  body: string | null;
}

export interface Append {
  head: PageHead;
  events: string[];
  first_seq: number;
  next_seq: number;
  last_media_us: number | null;
  last_value: number[];
  ended: boolean;
}

const ALL = [STORES.traces, STORES.batches, STORES.chunks];

const rangeOf = (trace: string, from = 0, to = Number.MAX_SAFE_INTEGER): IDBKeyRange =>
  IDBKeyRange.bound([trace, from], [trace, to]);

/**
 * One trace in the browser's database: events, then chunks cut from them, until they are acknowledged.
 *
 * The writer number is a fencing token: each write checks, in its own transaction, that no later page claimed the
 * trace, so two tabs can never interleave.
 */
export class TraceJournal {
  readonly trace: string;
  private readonly db: IDBDatabase;
  private writer = -1;

  constructor(db: IDBDatabase, trace: string) {
    this.db = db;
    this.trace = trace;
  }

  /** What an earlier page kept of this trace, or null. */
  record(): Promise<TraceRecord | null> {
    return transact(this.db, [STORES.traces], "readonly", async (tx) => this.read(tx));
  }

  /** Takes the trace over for the writer number that the server has just given to this page. */
  async claim(server: Trace): Promise<TraceRecord> {
    this.writer = server.writer;
    return transact(this.db, [STORES.traces], "readwrite", async (tx) => {
      const kept = await this.read(tx);
      if (kept && kept.writer > server.writer) throw new StaleWriterError();
      const record: TraceRecord = kept
        ? { ...kept, writer: server.writer }
        : {
            id: this.trace,
            writer: server.writer,
            next_event_seq: 0,
            next_chunk_seq: 0,
            last_media_us: null,
            last_value: null,
            ended: false,
          };
      tx.objectStore(STORES.traces).put(record);
      return record;
    });
  }

  append(append: Append): Promise<void> {
    return transact(this.db, [STORES.traces, STORES.batches], "readwrite", async (tx) => {
      const record = await this.mine(tx);
      const { head, events, first_seq } = append;
      const batch: Batch = { trace: this.trace, first_seq, events, ...head };
      tx.objectStore(STORES.batches).put(batch);
      const next: TraceRecord = {
        ...record,
        next_event_seq: append.next_seq,
        last_media_us: append.last_media_us ?? record.last_media_us,
        last_value: append.last_value,
        ended: record.ended || append.ended,
      };
      tx.objectStore(STORES.traces).put(next);
    });
  }

  /** Makes numbered chunks of all events kept so far; answers how many chunks the trace now has. */
  cut(): Promise<number> {
    return transact(this.db, ALL, "readwrite", async (tx) => {
      const record = await this.mine(tx);
      const store = tx.objectStore(STORES.batches);
      const batches: Batch[] = await result(store.getAll(rangeOf(this.trace)));
      let seq = record.next_chunk_seq;
      for (const page of byPage(batches)) {
        for (const { sha256, body } of cutChunks(page.head, page.events)) {
          const row: ChunkRow = { trace: this.trace, seq: seq++, sha256, body };
          tx.objectStore(STORES.chunks).put(row);
        }
      }
      store.delete(rangeOf(this.trace));
      tx.objectStore(STORES.traces).put({ ...record, next_chunk_seq: seq });
      return seq;
    });
  }

  chunk(seq: number): Promise<ChunkRow | null> {
    return transact(this.db, [STORES.chunks], "readonly", async (tx) => {
      const row: ChunkRow | undefined = await result(tx.objectStore(STORES.chunks).get([this.trace, seq]));
      return row ?? null;
    });
  }

  /** The server has committed every chunk up to `highWater`: only their hashes are needed from now on. */
  acknowledge(highWater: number): Promise<void> {
    return transact(this.db, [STORES.chunks], "readwrite", async (tx) => {
      const store = tx.objectStore(STORES.chunks);
      const rows: ChunkRow[] = await result(store.getAll(rangeOf(this.trace, 0, highWater)));
      for (const row of rows) if (row.body !== null) store.put({ ...row, body: null });
    });
  }

  async hashes(): Promise<string[]> {
    const rows = await transact(this.db, [STORES.chunks], "readonly", async (tx) => {
      const all: ChunkRow[] = await result(tx.objectStore(STORES.chunks).getAll(rangeOf(this.trace)));
      return all;
    });
    return rows.map((row) => row.sha256);
  }

  /** Everything is acknowledged and submitted. */
  forget(): Promise<void> {
    return transact(this.db, ALL, "readwrite", async (tx) => {
      tx.objectStore(STORES.traces).delete(this.trace);
      tx.objectStore(STORES.batches).delete(rangeOf(this.trace));
      tx.objectStore(STORES.chunks).delete(rangeOf(this.trace));
    });
  }

  private async read(tx: IDBTransaction): Promise<TraceRecord | null> {
    const record: TraceRecord | undefined = await result(tx.objectStore(STORES.traces).get(this.trace));
    return record ?? null;
  }

  private async mine(tx: IDBTransaction): Promise<TraceRecord> {
    const record = await this.read(tx);
    if (!record || record.writer !== this.writer) throw new StaleWriterError();
    return record;
  }
}

interface Page {
  head: PageHead;
  events: string[];
}

/** Joins neighbouring batches of the same page view; the newest clock fit and screen of a page go with its events. */
function byPage(batches: readonly Batch[]): Page[] {
  const pages: Page[] = [];
  for (const { page, origin_ms, clock, screen, events } of batches) {
    const last = pages.at(-1);
    if (last?.head.page === page) {
      last.events.push(...events);
      last.head = { page, origin_ms, clock, screen };
    } else {
      pages.push({ head: { page, origin_ms, clock, screen }, events: [...events] });
    }
  }
  return pages;
}
