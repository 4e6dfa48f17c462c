import type { Question } from "../api/types";
import { deviceFacts } from "../base/device";
import { Scope } from "../base/scope";
import { Store } from "../base/store";
import type { Desk } from "../desk/services";
import { insist } from "../rate/connection";
import { t } from "../words/words";
import { Capture, type Chosen, formatFor, openDevices, type Sort } from "./capture";
import { Level, SILENT } from "./level";
import { type Take, TakeJournal } from "./takes";
import { sha256Of, Upload } from "./upload";

export interface RecordingOptions {
  medium: Sort;
  minS: number;
  maxS: number;
  /** null: as many as the rater likes. */
  retakes: number | null;
  countdownS: number;
  maxBytes: number;
}

export type Phase =
  | { name: "opening" }
  /** No device is on; `trouble` says why it did not work. */
  | { name: "off"; trouble: string | null }
  | { name: "asking" }
  | { name: "ready"; stream: MediaStream }
  | { name: "countdown"; stream: MediaStream; left: number }
  | { name: "recording"; stream: MediaStream; elapsedS: number }
  | { name: "preview"; take: Take; url: string; problem: string | null }
  | { name: "sending"; part: number; waiting: boolean }
  | { name: "failed"; message: string };

const TICK_MS = 250;
/** Nothing is heard for this long: the microphone may be off. */
const SILENCE_MS = 3000;
const SECOND_MS = 1000;

const after = (ms: number, then: () => void) => {
  const timer = setTimeout(then, ms);
  return () => clearTimeout(timer);
};

/** One question's recording: devices on, record, look at it, hand it in. Every take is on this device until then. */
export class Studio {
  readonly phase = new Store<Phase>({ name: "opening" });
  /** How loud it is now, 0..1. */
  readonly peak = new Store(0);
  readonly silent = new Store(false);
  private readonly desk: Desk;
  private readonly question: Question;
  private readonly options: RecordingOptions;
  private readonly done: (take: Take) => void;
  private readonly scope = new Scope();
  private devices = new Scope();
  private capture: Capture | null = null;
  private upload: Upload | null = null;
  private number = 1;
  private gone = false;

  constructor(desk: Desk, question: Question, options: RecordingOptions, done: (take: Take) => void) {
    this.desk = desk;
    this.question = question;
    this.options = options;
    this.done = done;
    this.scope.listen(window, "online", () => this.upload?.hurry());
  }

  /** Takes up what an earlier page left: a take that is on its way goes on, any other one is shown. */
  async open(): Promise<void> {
    try {
      const journal = await this.journal();
      const take = await journal.load();
      this.number = take?.number ?? 1;
      if (take === null || take.state === "empty") return this.show({ name: "off", trouble: null });
      if (take.state === "handed") return await this.send(take, await journal.file(take.mediaType));
      await this.preview(take, journal);
    } catch (error) {
      this.fail(error);
    }
  }

  async turnOn(chosen: Chosen): Promise<void> {
    this.turnOff();
    this.show({ name: "asking" });
    try {
      const stream = await openDevices(this.options.medium, chosen);
      if (this.gone) return stopAll(stream);
      this.watch(stream);
      this.show({ name: "ready", stream });
    } catch (error) {
      this.show({ name: "off", trouble: messageOf(error) });
    }
  }

  /** Counts down, then records. */
  start(left = this.options.countdownS): void {
    const phase = this.phase.get();
    if (phase.name !== "ready" && phase.name !== "countdown") return;
    const { stream } = phase;
    if (left <= 0) return void this.record(stream);
    this.show({ name: "countdown", stream, left });
    this.devices.add(
      after(SECOND_MS, () => {
        if (this.phase.get().name === "countdown") this.start(left - 1);
      }),
    );
  }

  /** Ends the countdown without recording. */
  cancel(): void {
    const phase = this.phase.get();
    if (phase.name === "countdown") this.show({ name: "ready", stream: phase.stream });
  }

  stop(): void {
    this.capture?.stop();
  }

  /** How many more times it may be recorded after this take; null: as often as one likes. */
  get retakesLeft(): number | null {
    const { retakes } = this.options;
    return retakes === null ? null : retakes + 1 - this.number;
  }

  /** Gives this take up for a new one. One that could not be handed in does not count. */
  async again(usable: boolean): Promise<void> {
    try {
      const before = await this.journal();
      const id = await this.desk.renewTrace(this.question);
      if (usable) this.number += 1;
      await new TakeJournal(this.desk.db, id).save(this.newTake(id));
      await before.forget();
      await this.turnOn({});
    } catch (error) {
      this.fail(error);
    }
  }

  /** The rater hands this take in. */
  async use(take: Take): Promise<void> {
    try {
      const journal = await this.journal();
      const handed: Take = { ...take, state: "handed" };
      await journal.save(handed);
      await this.send(handed, await journal.file(take.mediaType));
    } catch (error) {
      this.fail(error);
    }
  }

  dispose(): void {
    this.gone = true;
    this.stop();
    this.upload?.abandon();
    this.turnOff();
    this.scope.dispose();
  }

  private async journal(): Promise<TakeJournal> {
    return new TakeJournal(this.desk.db, await this.desk.traceId(this.question));
  }

  private newTake(id: string): Take {
    return { id, number: this.number, mediaType: "", durationS: 0, bytes: 0, peak: 0, state: "empty" };
  }

  private show(phase: Phase): void {
    const before = this.phase.get();
    if (before.name === "preview") URL.revokeObjectURL(before.url);
    if (!this.gone) this.phase.set(phase);
  }

  private fail(error: unknown): void {
    this.turnOff();
    this.show({ name: "failed", message: messageOf(error) });
  }

  private turnOff(): void {
    this.devices.dispose();
    this.devices = new Scope();
    this.silent.set(false);
  }

  private watch(stream: MediaStream): void {
    const level = new Level(stream);
    let heardMs = performance.now();
    this.devices.add(() => stopAll(stream));
    this.devices.add(() => level.dispose());
    this.devices.every(TICK_MS, () => {
      const peak = level.peak();
      const now = performance.now();
      if (peak >= SILENT) heardMs = now;
      this.peak.set(peak);
      this.silent.set(now - heardMs > SILENCE_MS);
    });
    for (const track of stream.getTracks()) this.devices.listen(track, "ended", () => this.lost());
  }

  /** A device was pulled out. What was recorded so far is kept and shown. */
  private lost(): void {
    if (this.phase.get().name === "recording") {
      this.stop();
      return;
    }
    this.turnOff();
    this.show({ name: "off", trouble: t("The camera or microphone is gone. Connect it again.") });
  }

  private async record(stream: MediaStream): Promise<void> {
    try {
      const journal = await this.journal();
      const format = formatFor(this.options.medium);
      const mediaType = format.split(";")[0] ?? format;
      const take: Take = { ...this.newTake(journal.id), mediaType, state: "recording" };
      await this.capturing(stream, format, take, journal);
      const taken: Take = { ...take, state: "taken" };
      await journal.save(taken);
      await this.preview(taken, journal);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Keeps each piece as it comes, until the rater or the longest time ends it; `take` is kept up to date. */
  private async capturing(
    stream: MediaStream,
    format: string,
    take: Take,
    journal: TakeJournal,
  ): Promise<void> {
    const begunMs = performance.now();
    const elapsed = () => Math.min(this.options.maxS, (performance.now() - begunMs) / 1000);
    let writing: Promise<void> = Promise.resolve();
    let endS: number | null = null;
    const capture = new Capture(stream, format, (piece) => {
      take.bytes += piece.size;
      take.durationS = endS ?? elapsed();
      const now = { ...take };
      writing = writing.then(async () => journal.add(now, await piece.arrayBuffer()));
      writing.catch(() => capture.stop());
      if (take.bytes > this.options.maxBytes) capture.stop();
    });
    this.capture = capture;
    const tick = () => {
      take.peak = Math.max(take.peak, this.peak.get());
      this.show({ name: "recording", stream, elapsedS: elapsed() });
    };
    const during = new Scope();
    tick();
    during.every(TICK_MS, tick);
    during.add(after(this.options.maxS * 1000, () => capture.stop()));
    this.desk.report({ ...QUIET, retrying: true });
    await capture.ended;
    endS = elapsed();
    take.durationS = endS;
    during.dispose();
    this.capture = null;
    this.turnOff();
    await writing;
  }

  private async preview(take: Take, journal: TakeJournal): Promise<void> {
    const file = await journal.file(take.mediaType);
    this.desk.report({ ...QUIET, retrying: true });
    this.show({ name: "preview", take, url: URL.createObjectURL(file), problem: this.problemOf(take) });
  }

  /** Why a take cannot be handed in, or null. */
  private problemOf({ durationS, bytes }: Take): string | null {
    const { minS, maxBytes } = this.options;
    if (bytes === 0) return t("Nothing was recorded.");
    if (durationS < minS) return t("This is too short: at least {minS} seconds are asked for.", { minS });
    return bytes > maxBytes ? t("This recording is too large.") : null;
  }

  private async send(take: Take, file: Blob): Promise<void> {
    this.turnOff();
    const { api, assignment, report } = this.desk;
    const sending = (part: number, waiting: boolean, pending: number) => {
      report({ ...QUIET, pending, retrying: waiting });
      this.show({ name: "sending", part, waiting });
    };
    sending(0, false, 1);
    this.upload = new Upload(
      {
        openRecording: (body) => api.openRecording(body),
        sendPiece: (recording, seq, sha256, body) => api.sendPiece(recording, seq, sha256, body),
        finishRecording: (recording) => api.finishRecording(recording),
        insist: (call) => insist(call, () => sending(0, true, 1)),
        sha256: sha256Of,
        wait: after,
        random: Math.random,
        changed: (sent, chunks, waiting) => sending(sent / chunks, waiting, chunks - sent),
      },
      file,
    );
    await this.upload.run({
      id: take.id,
      assignment: assignment.id,
      question: this.question.key,
      media_type: take.mediaType,
      duration_s: take.durationS,
      device: deviceFacts(),
    });
    if (!this.gone) this.done(take);
  }
}

const QUIET = { live: false, pending: 0, retrying: false, stopped: null, storageFailure: null };

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
