import { result, STORES, transact } from "../base/db";
import { TraceJournal } from "../trace/journal";

/** One recording as it lies on this device until the server has it and the answer was submitted. */
export interface Take {
  id: string;
  /** The how manieth this is, from 1. */
  number: number;
  mediaType: string;
  durationS: number;
  bytes: number;
  /** The loudest moment, 0..1. */
  peak: number;
  /**
   * `empty`: an earlier one was given up for this. `recording`: after a reload, it was interrupted. `handed`: the rater
   * wants this one; it is on its way.
   */
  state: "empty" | "recording" | "taken" | "handed";
}

interface Piece {
  trace: string;
  first_seq: number;
  piece: ArrayBuffer;
}

const BOTH = [STORES.traces, STORES.batches];

/** A take in the browser's database, in the stores that traces lie in, under an id that no trace has. */
export class TakeJournal {
  readonly id: string;
  private readonly db: IDBDatabase;
  private pieces = 0;

  constructor(db: IDBDatabase, id: string) {
    this.db = db;
    this.id = id;
  }

  async load(): Promise<Take | null> {
    const found = await transact(this.db, [STORES.traces], "readonly", async (tx) => {
      const kept: Take | undefined = await result(tx.objectStore(STORES.traces).get(this.id));
      return kept ?? null;
    });
    return found;
  }

  save(take: Take): Promise<void> {
    return transact(this.db, [STORES.traces], "readwrite", async (tx) => {
      tx.objectStore(STORES.traces).put(take);
    });
  }

  /** The next piece of the file, together with what the take is with it. */
  add(take: Take, piece: ArrayBuffer): Promise<void> {
    const row: Piece = { trace: this.id, first_seq: this.pieces++, piece };
    return transact(this.db, BOTH, "readwrite", async (tx) => {
      tx.objectStore(STORES.batches).put(row);
      tx.objectStore(STORES.traces).put(take);
    });
  }

  /** The take was given up, so nothing of it stays. */
  forget(): Promise<void> {
    return new TraceJournal(this.db, this.id).forget();
  }

  async file(mediaType: string): Promise<Blob> {
    const rows = await transact(this.db, [STORES.batches], "readonly", async (tx) => {
      const range = IDBKeyRange.bound([this.id, 0], [this.id, Number.MAX_SAFE_INTEGER]);
      const all: Piece[] = await result(tx.objectStore(STORES.batches).getAll(range));
      return all;
    });
    return new Blob(
      rows.map((row) => row.piece),
      { type: mediaType },
    );
  }
}
