import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { expect, test } from "vitest";
import { ApiError, NetworkError } from "../api/http";
import type { Recording, RecordingOpening } from "../api/types";
import { openDb } from "../base/db";
import { seeded } from "../testing/random";
import { type Take, TakeJournal } from "./takes";
import { CHUNK_BYTES, sha256Of, Upload, type UploadPorts } from "./upload";

const TOLD = {
  id: "r1",
  assignment: "a1",
  question: "story",
  media_type: "audio/webm",
  duration_s: 3,
  device: {},
};

const wait = (_ms: number, then: () => void) => {
  const handle = setImmediate(then);
  return () => clearImmediate(handle);
};

async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
    }
  }
}

/** The recordings part of the HTTP contract, in memory, behind a network that loses requests and answers. */
class Server {
  readonly chunks = new Map<number, Uint8Array>();
  opened: RecordingOpening | null = null;
  finished = false;
  sent = 0;
  private readonly random: () => number;

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  ports(more: Partial<UploadPorts> = {}): UploadPorts {
    return {
      openRecording: (body) =>
        this.answer(() => {
          this.opened = body;
        }),
      sendPiece: (_id, seq, sha256, body) => this.answer(() => this.store(seq, sha256, body)),
      finishRecording: () =>
        this.answer(() => {
          this.finished = true;
        }),
      insist,
      sha256: sha256Of,
      wait,
      random: this.random,
      changed: () => {},
      ...more,
    };
  }

  get file(): Uint8Array {
    const bytes = [...this.chunks].sort(([a], [b]) => a - b).flatMap(([, chunk]) => [...chunk]);
    return Uint8Array.from(bytes);
  }

  private async store(seq: number, sha256: string, body: ArrayBuffer): Promise<void> {
    expect(await sha256Of(body)).toBe(sha256);
    this.chunks.set(seq, new Uint8Array(body));
    this.sent += 1;
  }

  private async answer(work: () => void | Promise<void>): Promise<Recording> {
    if (this.random() < 0.3) throw new NetworkError("the request was lost");
    await work();
    if (this.random() < 0.3) throw new NetworkError("the answer was lost");
    let high_water = -1;
    while (this.chunks.has(high_water + 1)) high_water += 1;
    return { id: "r1", question: "story", state: "open", chunks: 0, high_water, missing: [] };
  }
}

function bytesOf(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, place) => (place * 31) % 251);
}

test.each([1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES - 5])(
  "a file of %i bytes arrives whole over a bad network",
  async (length) => {
    for (let seed = 1; seed <= 5; seed++) {
      const server = new Server(seed);
      const bytes = bytesOf(length);
      await new Upload(server.ports(), new Blob([bytes])).run(TOLD);
      expect(server.finished).toBe(true);
      expect(server.opened?.size).toBe(length);
      expect(await sha256Of(server.file.slice().buffer)).toBe(await sha256Of(bytes.buffer));
    }
  },
);

test("a page that comes later sends only what is missing", async () => {
  const server = new Server(3);
  const file = new Blob([bytesOf(4 * CHUNK_BYTES)]);
  let gone = false;
  const first = new Upload(
    server.ports({
      changed: (sent) => {
        if (sent < 2 || gone) return;
        gone = true;
        first.abandon();
      },
    }),
    file,
  );
  await expect(first.run(TOLD)).rejects.toThrow("another tab");
  const { sent } = server;
  expect(server.chunks.size).toBeGreaterThanOrEqual(2);
  const kept = new Set(server.chunks.keys());
  const again: number[] = [];
  const ports = server.ports();
  const sendPiece: UploadPorts["sendPiece"] = (id, seq, sha256, body) => {
    again.push(seq);
    return ports.sendPiece(id, seq, sha256, body);
  };
  await new Upload({ ...ports, sendPiece }, file).run(TOLD);
  expect(again.filter((seq) => kept.has(seq))).toEqual([]);
  expect(server.sent).toBeGreaterThan(sent);
  expect(server.finished).toBe(true);
});

test("what the server refuses ends the upload with its reason", async () => {
  const server = new Server(5);
  const refused = new ApiError(400, { code: "invalid_recording", message: "It is too long.", details: {} });
  const ports = server.ports({ openRecording: () => Promise.reject(refused) });
  await expect(new Upload(ports, new Blob(["x"])).run(TOLD)).rejects.toThrow("It is too long.");
  expect(server.finished).toBe(false);
});

test("a take is read back in the order it was recorded, and nothing of one that was given up stays", async () => {
  const db = await openDb(new IDBFactory());
  const take: Take = {
    id: "r1",
    number: 2,
    mediaType: "audio/webm",
    durationS: 0,
    bytes: 0,
    peak: 0,
    state: "recording",
  };
  const journal = new TakeJournal(db, "r1");
  for (const [index, text] of ["one ", "two ", "three"].entries()) {
    await journal.add({ ...take, durationS: index + 1 }, new TextEncoder().encode(text).buffer);
  }
  const later = new TakeJournal(db, "r1");
  expect(await later.load()).toEqual({ ...take, durationS: 3 });
  expect(await (await later.file("audio/webm")).text()).toBe("one two three");
  await later.forget();
  expect(await later.load()).toBeNull();
  expect((await later.file("audio/webm")).size).toBe(0);
});
