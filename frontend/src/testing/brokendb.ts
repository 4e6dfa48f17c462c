/** A browser database whose writes fail now and then for want of space, and that a dead page cannot reach. */
export class BrokenDb {
  readonly db: IDBDatabase;
  private readonly real: IDBDatabase;

  /** `full` tells before each writing transaction whether the device has run out of space. */
  constructor(real: IDBDatabase, full: () => boolean) {
    this.real = real;
    this.db = new Proxy(real, {
      get(target, name) {
        if (name !== "transaction") return Reflect.get(target, name, target) as unknown;
        return (stores: string[], mode: IDBTransactionMode): IDBTransaction => {
          const transaction = target.transaction(stores, mode);
          // As a browser does it: the writes seem to go, and the transaction is undone before it commits.
          if (mode === "readwrite" && full()) queueMicrotask(() => transaction.abort());
          return transaction;
        };
      },
    });
  }

  /** The page is gone: transactions under way end, new ones cannot begin. */
  kill(): void {
    this.real.close();
  }
}
