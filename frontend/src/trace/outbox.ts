import { ApiError, isTransient } from "../api/http";
import { backoffMs } from "../base/backoff";
import { StorageError } from "../base/db";
import { t } from "../words/words";

export type StopReason = "stale" | "conflict" | "lost" | "unauthorised" | "refused";

/** The outbox cannot go on; `reason` says why, the message is for the rater. */
export class OutboxStoppedError extends Error {
  readonly reason: StopReason;

  constructor(reason: StopReason, message: string) {
    super(message);
    this.name = "OutboxStoppedError";
    this.reason = reason;
  }
}

export interface OutboxState {
  mode: "idle" | "sending" | "waiting" | "stopped";
  /** The last chunk up to which the server has committed everything, -1 at the start. */
  highWater: number;
  /** How many chunks have been cut. */
  tail: number;
  /** Failures since the last success. */
  attempts: number;
}

export type OutboxEvent =
  | { type: "cut"; tail: number }
  | { type: "acknowledged"; highWater: number }
  | { type: "failed"; retryAfterMs: number | null; random: number }
  | { type: "due" }
  | { type: "stop" };

export type OutboxCommand = { type: "none" } | { type: "send"; seq: number } | { type: "wait"; ms: number };

const NONE: OutboxCommand = { type: "none" };

type Step = [OutboxState, OutboxCommand];

function proceed(state: OutboxState): Step {
  const seq = state.highWater + 1;
  if (seq >= state.tail) return [{ ...state, mode: "idle" }, NONE];
  return [
    { ...state, mode: "sending" },
    { type: "send", seq },
  ];
}

function pauseBefore(state: OutboxState, retryAfterMs: number | null, random: number): Step {
  const ms = Math.max(backoffMs(state.attempts, random), retryAfterMs ?? 0);
  return [
    { ...state, mode: "waiting", attempts: state.attempts + 1 },
    { type: "wait", ms },
  ];
}

/**
 * The protocol in one function. Chunks go one at a time and in order, always the one right after the high-water mark,
 * so the mark is the only thing to remember; a repeat is harmless to the server.
 */
export function outboxStep(state: OutboxState, event: OutboxEvent): Step {
  if (state.mode === "stopped") return [state, NONE];
  switch (event.type) {
    case "cut": {
      const next = { ...state, tail: Math.max(state.tail, event.tail) };
      return state.mode === "idle" ? proceed(next) : [next, NONE];
    }
    case "acknowledged": {
      if (event.highWater > state.highWater) {
        return proceed({ ...state, highWater: event.highWater, attempts: 0 });
      }
      return state.mode === "sending" ? pauseBefore(state, null, 0.5) : [state, NONE];
    }
    case "failed":
      return state.mode === "sending" ? pauseBefore(state, event.retryAfterMs, event.random) : [state, NONE];
    case "due":
      return state.mode === "waiting" ? proceed(state) : [state, NONE];
    case "stop":
      return [{ ...state, mode: "stopped" }, NONE];
  }
}

/** What has been stored so far: everything up to `high_water`. */
interface Receipt {
  high_water: number;
}

export interface OutboxJournal<Body> {
  chunk(seq: number): Promise<{ seq: number; sha256: string; body: Body | null } | null>;
  acknowledge(highWater: number): Promise<void>;
}

export interface OutboxPorts<Body> {
  journal: OutboxJournal<Body>;
  send(chunk: { seq: number; sha256: string; body: Body }): Promise<Receipt>;
  /** Calls back after `ms`; answers how to call it off. */
  wait(ms: number, then: () => void): () => void;
  random(): number;
  changed(state: OutboxState): void;
}

const STOPS: Record<string, () => [StopReason, string]> = {
  stale_writer: () => ["stale", t("This rating goes on in another tab.")],
  chunk_conflict: () => ["conflict", t("The server holds another version of this recording.")],
};

function stopFor(error: unknown): OutboxStoppedError | null {
  if (isTransient(error)) return null;
  // The device could not read or note something just now; what the server has is repeated without harm.
  if (error instanceof StorageError) return null;
  if (!(error instanceof ApiError)) return new OutboxStoppedError("refused", String(error));
  const known = STOPS[error.code];
  if (known) return new OutboxStoppedError(...known());
  if (error.status === 401 || error.status === 403) {
    return new OutboxStoppedError("unauthorised", t("The server does not know this participation any more."));
  }
  return new OutboxStoppedError("refused", error.message);
}

/** Carries cut chunks to the server until each is acknowledged. */
export class Outbox<Body = string> {
  private state: OutboxState;
  private readonly ports: OutboxPorts<Body>;
  private callOff: (() => void) | null = null;
  private failure: OutboxStoppedError | null = null;
  private waiters: { resolve: () => void; reject: (error: OutboxStoppedError) => void }[] = [];

  constructor(ports: OutboxPorts<Body>, highWater: number, tail: number) {
    this.ports = ports;
    this.state = { mode: "idle", highWater, tail, attempts: 0 };
  }

  get pending(): number {
    return this.state.tail - 1 - this.state.highWater;
  }

  get stopped(): OutboxStoppedError | null {
    return this.failure;
  }

  /** The trace now has `tail` chunks. */
  notify(tail: number): void {
    this.apply({ type: "cut", tail });
  }

  /** The network is back, or the rater asked: do not wait any longer. */
  hurry(): void {
    this.callOff?.();
    this.callOff = null;
    this.apply({ type: "due" });
  }

  /** Resolves when all that was cut is acknowledged; rejects when the outbox stopped. */
  drained(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiters.push({ resolve, reject });
      this.settle();
    });
  }

  stop(error: OutboxStoppedError): void {
    // Without the pen nothing is recorded any more, so this is told whatever kept the chunks from leaving before.
    if (!this.failure || error.reason === "stale") this.failure = error;
    this.callOff?.();
    this.callOff = null;
    this.apply({ type: "stop" });
  }

  private apply(event: OutboxEvent): void {
    const [state, command] = outboxStep(this.state, event);
    this.state = state;
    this.ports.changed(state);
    if (command.type === "send") void this.deliver(command.seq);
    if (command.type === "wait") {
      this.callOff = this.ports.wait(command.ms, () => {
        this.callOff = null;
        this.apply({ type: "due" });
      });
    }
    this.settle();
  }

  private async deliver(seq: number): Promise<void> {
    try {
      const row = await this.ports.journal.chunk(seq);
      if (!row || row.body === null) {
        throw new OutboxStoppedError(
          "lost",
          t("A part of this recording is missing on this device and on the server."),
        );
      }
      const receipt = await this.ports.send({ seq, sha256: row.sha256, body: row.body });
      await this.ports.journal.acknowledge(receipt.high_water);
      this.apply({ type: "acknowledged", highWater: receipt.high_water });
    } catch (error) {
      const stop = error instanceof OutboxStoppedError ? error : stopFor(error);
      if (stop) return this.stop(stop);
      const retryAfterMs = error instanceof ApiError ? error.retryAfterMs : null;
      this.apply({ type: "failed", retryAfterMs, random: this.ports.random() });
    }
  }

  private settle(): void {
    const { failure } = this;
    if (failure) {
      for (const waiter of this.waiters.splice(0)) waiter.reject(failure);
    } else if (this.pending <= 0) {
      for (const waiter of this.waiters.splice(0)) waiter.resolve();
    }
  }
}
