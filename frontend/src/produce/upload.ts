import type { Recording, RecordingOpening } from "../api/types";
import { Outbox, type OutboxState, OutboxStoppedError } from "../trace/outbox";
import { t } from "../words/words";

/** As the server has it: all chunks but the last are as long. */
export const CHUNK_BYTES = 128 * 1024;

export interface UploadPorts {
  openRecording(body: RecordingOpening): Promise<Recording>;
  sendPiece(recording: string, seq: number, sha256: string, body: ArrayBuffer): Promise<Recording>;
  finishRecording(recording: string): Promise<Recording>;
  /** Repeats a call until the server answers. */
  insist<T>(call: () => Promise<T>): Promise<T>;
  sha256(bytes: ArrayBuffer): Promise<string>;
  wait(ms: number, then: () => void): () => void;
  random(): number;
  /** Chunks that the server has, of how many, and whether it cannot be reached. */
  changed(sent: number, chunks: number, waiting: boolean): void;
}

type Told = Omit<RecordingOpening, "size" | "digest">;

/** Hex SHA-256. There are cameras and microphones on secure pages only, and these have `crypto.subtle`. */
export async function sha256Of(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Carries a file to the server. What an earlier page has sent is not sent again. */
export class Upload {
  private readonly ports: UploadPorts;
  private readonly file: Blob;
  private outbox: Outbox<ArrayBuffer> | null = null;
  private abandoned = false;

  constructor(ports: UploadPorts, file: Blob) {
    this.ports = ports;
    this.file = file;
  }

  /** Resolves when the server has all of it; rejects with what it refused. */
  async run(told: Told): Promise<void> {
    const { ports, file } = this;
    const count = Math.ceil(file.size / CHUNK_BYTES);
    const hashes: string[] = [];
    for (let seq = 0; seq < count; seq++) hashes.push(await ports.sha256(await this.piece(seq)));
    const digest = await ports.sha256(new TextEncoder().encode(hashes.join("")).buffer);
    const opened = await ports.insist(() => ports.openRecording({ ...told, size: file.size, digest }));
    if (this.abandoned) throw elsewhere();
    const chunk = async (seq: number) => ({ seq, sha256: hashes[seq] ?? "", body: await this.piece(seq) });
    this.outbox = new Outbox<ArrayBuffer>(
      {
        // The whole file stays on the device until the answer is submitted: there is nothing to note.
        journal: { chunk, acknowledge: async () => {} },
        send: ({ seq, sha256, body }) => ports.sendPiece(told.id, seq, sha256, body),
        wait: ports.wait,
        random: ports.random,
        changed: ({ highWater, mode }: OutboxState) =>
          ports.changed(highWater + 1, count, mode === "waiting"),
      },
      opened.high_water,
      opened.high_water + 1,
    );
    this.outbox.notify(count);
    await this.outbox.drained();
    await ports.insist(() => ports.finishRecording(told.id));
  }

  /** The network is back. */
  hurry(): void {
    this.outbox?.hurry();
  }

  /** This page has nothing to do with it any more. */
  abandon(): void {
    this.abandoned = true;
    this.outbox?.stop(elsewhere());
  }

  private piece(seq: number): Promise<ArrayBuffer> {
    return this.file.slice(seq * CHUNK_BYTES, (seq + 1) * CHUNK_BYTES).arrayBuffer();
  }
}

const elsewhere = () => new OutboxStoppedError("stale", t("This rating goes on in another tab."));
