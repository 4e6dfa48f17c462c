import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { describe, expect, test } from "vitest";
import type { RateApi } from "../api/rate";
import { openDb } from "../base/db";
import { seeded } from "../testing/random";
import { faultyApi, TraceServer, turn } from "../testing/traceserver";
import { outboxStep } from "./outbox";
import { RecordingLostError, TraceSession } from "./session";

const PLACE = { trace: "t1", assignment: "a1", question: "affect", device: {}, start: [0, 0] };

function openSession(
  api: RateApi,
  db: IDBDatabase,
  random: () => number,
  page: string,
): Promise<TraceSession> {
  const wait = (_ms: number, then: () => void) => {
    const handle = setImmediate(then);
    return () => clearImmediate(handle);
  };
  return TraceSession.open(
    { api, db, wait, random, page: { id: page, originMs: 1 }, changed: () => {} },
    PLACE,
  );
}

describe("a trace through reloads and second tabs", () => {
  test("a page whose trace was taken over writes nothing any more", async () => {
    const server = new TraceServer();
    const random = seeded(3);
    const api = faultyApi(server, random, () => 0);
    const db = await openDb(new IDBFactory());
    const older = await openSession(api, db, random, "older");
    await older.beat(200, true);
    const newer = await openSession(api, db, random, "newer");
    await older.beat(400, true);
    expect(older.status.stopped?.reason).toBe("stale");
    newer.recorder.clock.hold(0);
    newer.end(500);
    await newer.finish();
    expect(server.events().map((event) => event[0])).toEqual([0, 1]);
  });

  test("continues at the media time and the value of the last kept event", async () => {
    const server = new TraceServer();
    const random = seeded(4);
    const api = faultyApi(server, random, () => 0);
    const db = await openDb(new IDBFactory());
    const before = await openSession(api, db, random, "before");
    before.recorder.clock.hold(4_200_000);
    before.recorder.value.set([0.25, -0.5]);
    await before.beat(200, true);
    const after = await openSession(api, db, random, "after");
    expect(after.resumeUs).toBe(4_200_000);
    expect([...after.recorder.value]).toEqual([0.25, -0.5]);
    expect(after.recorder.log.nextSeq).toBe(1);
  });

  test("says so when the browser's copy of a begun recording is gone", async () => {
    const server = new TraceServer();
    const random = seeded(5);
    const api = faultyApi(server, random, () => 0);
    const first = await openSession(api, await openDb(new IDBFactory()), random, "first");
    await first.beat(5000, true);
    await turn();
    await expect(first.finish()).resolves.toBeUndefined();
    server.finished = false;
    const empty = await openDb(new IDBFactory());
    await expect(openSession(api, empty, random, "second")).rejects.toBeInstanceOf(RecordingLostError);
  });
});

describe("outbox protocol", () => {
  const idle = { mode: "idle", highWater: -1, tail: 0, attempts: 0 } as const;

  test("sends one chunk at a time, always the one after the high-water mark", () => {
    const [sending, first] = outboxStep(idle, { type: "cut", tail: 2 });
    expect(first).toEqual({ type: "send", seq: 0 });
    const [, none] = outboxStep(sending, { type: "cut", tail: 3 });
    expect(none).toEqual({ type: "none" });
    const [, next] = outboxStep(sending, { type: "acknowledged", highWater: 0 });
    expect(next).toEqual({ type: "send", seq: 1 });
  });

  test("waits longer after each failure, up to the cap, and honours Retry-After", () => {
    let state = outboxStep(idle, { type: "cut", tail: 1 })[0];
    const waits: number[] = [];
    for (let i = 0; i < 12; i++) {
      const [waiting, command] = outboxStep(state, { type: "failed", retryAfterMs: null, random: 0.999 });
      if (command.type === "wait") waits.push(command.ms);
      state = outboxStep(waiting, { type: "due" })[0];
    }
    expect(waits.slice(0, 4)).toEqual([500, 1000, 1999, 3998]);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
    const told = outboxStep(state, { type: "failed", retryAfterMs: 90_000, random: 0 })[1];
    expect(told).toEqual({ type: "wait", ms: 90_000 });
  });

  test("does not spin when the server acknowledges nothing new", () => {
    const sending = outboxStep(idle, { type: "cut", tail: 1 })[0];
    expect(outboxStep(sending, { type: "acknowledged", highWater: -1 })[1].type).toBe("wait");
  });
});
