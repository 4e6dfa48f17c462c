import { ApiError, isTransient } from "../api/http";
import { backoffMs } from "../base/backoff";
import { Store } from "../base/store";
import { newUuid } from "../base/uuid";
import { t } from "../words/words";
import type { Dialogue, DialogueCalls, Said, Sign } from "./calls";
import { NOTHING, type NoteBook, type Notes } from "./notes";

export interface TalkState {
  /**
   * `opening`: not known yet. `idle`: not looking for anybody. `failed`: it cannot go on, `notice` says why. Else what
   * `dialogue` says.
   */
  phase: "opening" | "idle" | "dialogue" | "failed";
  dialogue: Dialogue | null;
  /** What the server has, in its order. */
  messages: readonly Said[];
  notes: Notes;
  /** The last call got no answer; it goes on by itself. */
  offline: boolean;
  notice: string | null;
}

export interface TalkPorts {
  calls: Pick<DialogueCalls, "own" | "enter" | "look" | "say" | "end" | "leave">;
  book: Pick<NoteBook, "load" | "save" | "forget">;
  /** Calls back after so many milliseconds, unless it is taken back. */
  wait(ms: number, then: () => void): () => void;
  now(): number;
  hidden(): boolean;
  random(): number;
  /** What this rater may see of the item has changed. */
  itemChanged(): void;
}

const LOOK_MS = 1000;
const WAITING_MS = 2000;
/** Somebody who typed so recently is writing. */
const WRITING_MS = 4000;
const RETRY = { firstMs: 1000, capMs: 5000 };

const START: TalkState = {
  phase: "opening",
  dialogue: null,
  messages: [],
  notes: NOTHING,
  offline: false,
  notice: null,
};

/** A conversation as one of both has it: asks for news, sends what was written until the server has it. */
export class Talk {
  readonly state = new Store<TalkState>(START);
  private readonly ports: TalkPorts;
  private typedAt = Number.NEGATIVE_INFINITY;
  private failures = 0;
  private gone = false;
  private looking = false;
  /** Ends the pause; asked for during a call, the next pause does not begin. */
  private wake: () => void = () => this.skipPause();
  private hasty = false;
  private keeping: Promise<void> = Promise.resolve();

  constructor(ports: TalkPorts) {
    this.ports = ports;
  }

  /** Takes up what an earlier page left, and goes on until it is disposed of. */
  async run(): Promise<void> {
    while (!this.gone) {
      const pauseMs = await this.step();
      if (this.gone || pauseMs === null) return;
      await this.pause(pauseMs);
    }
  }

  dispose(): void {
    this.gone = true;
    this.wake();
  }

  /** Something has changed that the next call need not wait for: the network is back, the page in sight. */
  hurry(): void {
    this.wake();
  }

  seek(): void {
    this.looking = true;
    this.state.patch({ notice: null });
    this.wake();
  }

  typed(text: string): void {
    this.typedAt = text === "" ? Number.NEGATIVE_INFINITY : this.ports.now();
    this.note({ ...this.state.get().notes, typed: text });
  }

  send(text: string, label: string): void {
    const { notes } = this.state.get();
    this.typedAt = Number.NEGATIVE_INFINITY;
    this.state.patch({ notice: null });
    this.note({ unsent: [...notes.unsent, { id: newUuid(), text, label }], typed: "" });
    this.wake();
  }

  /** Says that it is over, for both. */
  async end(): Promise<void> {
    await this.act((calls, { id }) => calls.end(id).then((told) => this.hear(told)));
  }

  /** Goes away from the partner, or from waiting; looks for another one with `again`. */
  async leave(again: boolean): Promise<void> {
    await this.act(async (calls, { id }) => {
      this.looking = false;
      await calls.leave(id);
      await this.stand(id, null);
      if (again) this.seek();
    });
  }

  private async act(call: (calls: TalkPorts["calls"], dialogue: Dialogue) => Promise<void>): Promise<void> {
    const { dialogue } = this.state.get();
    if (!dialogue) return;
    try {
      await call(this.ports.calls, dialogue);
    } catch (error) {
      this.state.patch({ notice: messageOf(error) });
    }
    this.wake();
  }

  /** One round of calls; answers how long to wait for the next one, null when there is none. */
  private async step(): Promise<number | null> {
    try {
      const pauseMs = await this.ask();
      this.failures = 0;
      if (this.state.get().offline) this.state.patch({ offline: false });
      return pauseMs;
    } catch (error) {
      if (isTransient(error)) {
        this.state.patch({ offline: true });
        return backoffMs(this.failures++, this.ports.random(), RETRY);
      }
      if (await this.missing(error)) return Number.POSITIVE_INFINITY;
      this.state.patch({ phase: "failed", notice: messageOf(error) });
      return null;
    }
  }

  /** Whether the server does not know the dialogue: it was erased or left elsewhere, or this is a preview. */
  private async missing(error: unknown): Promise<boolean> {
    const { dialogue, phase } = this.state.get();
    if (!(error instanceof ApiError) || error.status !== 404) return false;
    if (dialogue) await this.stand(dialogue.id, t("This conversation is no longer there."));
    else if (phase === "opening") this.state.patch({ phase: "idle" });
    else return false;
    return true;
  }

  private async ask(): Promise<number> {
    const { calls } = this.ports;
    const { dialogue, phase } = this.state.get();
    if (phase === "opening") {
      const own = await calls.own();
      if (own === null) this.state.patch({ phase: "idle" });
      else await this.hear(own);
      return own ? LOOK_MS : Number.POSITIVE_INFINITY;
    }
    if (dialogue === null) {
      if (!this.looking) return Number.POSITIVE_INFINITY;
      await this.hear(await calls.enter());
      return WAITING_MS;
    }
    if (dialogue.state === "waiting") {
      const told = await calls.enter();
      // She may have stopped waiting meanwhile.
      if (this.state.get().dialogue) await this.hear(told);
      return WAITING_MS;
    }
    if (dialogue.state === "ended") return Number.POSITIVE_INFINITY;
    await this.sendAll(dialogue);
    const after = this.state.get().messages.at(-1)?.seq ?? 0;
    const told = await calls.look(dialogue.id, after, this.sign());
    if (this.state.get().dialogue?.id === dialogue.id) await this.hear(told);
    return LOOK_MS;
  }

  /** Oldest first, each until it is acknowledged or refused. */
  private async sendAll({ id }: Dialogue): Promise<void> {
    for (;;) {
      const next = this.state.get().notes.unsent[0];
      if (!next) return;
      try {
        this.add([await this.ports.calls.say(id, next.id, next.text, next.label)]);
        this.drop(next.id);
      } catch (error) {
        if (isTransient(error) || !(error instanceof ApiError) || error.status === 404) throw error;
        this.drop(next.id);
        this.refused(next.text, error);
      }
    }
  }

  private refused(text: string, error: ApiError): void {
    const { notes } = this.state.get();
    if (error.code === "dialogue_over") {
      this.tooLate(text);
    } else {
      if (notes.typed === "") this.note({ ...notes, typed: text });
      this.state.patch({ notice: t("Your message was not taken: {reason}", { reason: messageOf(error) }) });
    }
  }

  private async hear(told: Dialogue): Promise<void> {
    const before = this.state.get().dialogue;
    if (before?.id !== told.id) {
      const notes = await this.ports.book.load(told.id);
      this.state.patch({ notes, messages: [] });
    }
    this.add(told.messages);
    this.state.patch({ phase: "dialogue", dialogue: told });
    if (before?.state !== told.state && told.state !== "waiting") this.ports.itemChanged();
    if (told.state === "ended") await this.close(told.id);
  }

  private async close(dialogue: string): Promise<void> {
    const [lost] = this.state.get().notes.unsent;
    if (lost) this.tooLate(lost.text);
    this.state.patch({ notes: NOTHING });
    await this.keeping;
    await this.ports.book.forget(dialogue);
  }

  private tooLate(text: string): void {
    this.state.patch({ notice: t("The conversation was over before this arrived: {text}", { text }) });
  }

  private add(messages: readonly Said[]): void {
    const known = this.state.get().messages;
    const last = known.at(-1)?.seq ?? 0;
    // Nothing is shown twice, and nothing before what was said before it.
    const newer = messages.filter(({ seq }) => seq > last);
    const fresh = newer.filter(({ seq }, index) => seq === last + 1 + index);
    if (fresh.length > 0) this.state.patch({ messages: [...known, ...fresh] });
  }

  /** The rater sits nowhere any more. */
  private async stand(dialogue: string, notice: string | null): Promise<void> {
    await this.ports.book.forget(dialogue);
    this.looking = false;
    this.state.set({ ...START, phase: "idle", notice });
    this.ports.itemChanged();
  }

  private sign(): Sign {
    if (this.ports.hidden()) return "hidden";
    return this.ports.now() - this.typedAt < WRITING_MS ? "writing" : "here";
  }

  private drop(id: string): void {
    const { notes } = this.state.get();
    this.note({ ...notes, unsent: notes.unsent.filter((one) => one.id !== id) });
  }

  /** Shows notes at once and keeps them in order; a failing device is said, not thrown. */
  private note(notes: Notes): void {
    const { dialogue } = this.state.get();
    this.state.patch({ notes });
    if (!dialogue) return;
    this.keeping = this.keeping
      .then(() => this.ports.book.save(dialogue.id, notes))
      .catch((error: Error) => this.state.patch({ notice: error.message }));
  }

  private skipPause(): void {
    this.hasty = true;
  }

  private pause(ms: number): Promise<void> {
    if (this.hasty) {
      this.hasty = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const cancel = Number.isFinite(ms) ? this.ports.wait(ms, () => this.wake()) : () => {};
      this.wake = () => {
        cancel();
        this.wake = () => this.skipPause();
        resolve();
      };
    });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
