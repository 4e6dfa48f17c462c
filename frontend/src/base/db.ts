/** The browser's own database: what must survive a reload until the server has acknowledged it. */
import { t } from "../words/words";
export const STORES = {
  traces: "traces",
  batches: "batches",
  chunks: "chunks",
  drafts: "drafts",
} as const;

const RATERS = "affectory-rater";
const VERSION = 1;

/** The browser refuses to keep data (private mode, blocked storage, full disk). */
export class StorageError extends Error {
  constructor(cause: unknown) {
    super(t("This browser cannot keep your answers on the device, so nothing would be safe."), { cause });
    this.name = "StorageError";
  }
}

export function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new StorageError(request.error));
  });
}

function upgrade(db: IDBDatabase): void {
  db.createObjectStore(STORES.traces, { keyPath: "id" });
  db.createObjectStore(STORES.batches, { keyPath: ["trace", "first_seq"] });
  db.createObjectStore(STORES.chunks, { keyPath: ["trace", "seq"] });
  db.createObjectStore(STORES.drafts, { keyPath: "assignment" });
}

export function openDb(factory: IDBFactory, name = RATERS): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    try {
      const request = factory.open(name, VERSION);
      request.onupgradeneeded = () => upgrade(request.result);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new StorageError(request.error));
    } catch (error) {
      reject(new StorageError(error));
    }
  });
}

/**
 * Runs `work` in one transaction and resolves after it is committed. `work` may await only requests of this
 * transaction. When it throws, nothing of it is kept.
 */
export async function transact<T>(
  db: IDBDatabase,
  stores: string[],
  mode: IDBTransactionMode,
  work: (transaction: IDBTransaction) => Promise<T>,
): Promise<T> {
  const transaction = db.transaction(stores, mode);
  const committed = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(new StorageError(transaction.error));
  });
  try {
    const value = await work(transaction);
    await committed;
    return value;
  } catch (error) {
    committed.catch(() => undefined);
    try {
      transaction.abort();
    } catch {
      // Already aborted or committed.
    }
    throw error;
  }
}
