import { result, STORES, transact } from "../base/db";

/** Something written that the server has not acknowledged. */
export interface Unsent {
  id: string;
  text: string;
  label: string;
}

/** What of a dialogue is on this device only. */
export interface Notes {
  unsent: Unsent[];
  /** What stands in the field. */
  typed: string;
}

export const NOTHING: Notes = { unsent: [], typed: "" };

const keyOf = (dialogue: string): string => `dialogue:${dialogue}`;

/** Notes in the browser's database, in the store that drafts lie in, under a key that no draft has. */
export class NoteBook {
  private readonly db: IDBDatabase;

  constructor(db: IDBDatabase) {
    this.db = db;
  }

  load(dialogue: string): Promise<Notes> {
    return transact(this.db, [STORES.drafts], "readonly", async (tx) => {
      const kept: Notes | undefined = await result(tx.objectStore(STORES.drafts).get(keyOf(dialogue)));
      return kept ? { unsent: kept.unsent, typed: kept.typed } : NOTHING;
    });
  }

  save(dialogue: string, notes: Notes): Promise<void> {
    return transact(this.db, [STORES.drafts], "readwrite", async (tx) => {
      tx.objectStore(STORES.drafts).put({ assignment: keyOf(dialogue), ...notes });
    });
  }

  forget(dialogue: string): Promise<void> {
    return transact(this.db, [STORES.drafts], "readwrite", async (tx) => {
      tx.objectStore(STORES.drafts).delete(keyOf(dialogue));
    });
  }
}
