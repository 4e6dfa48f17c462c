import { ApiError, NetworkError } from "../api/http";
import type { RateApi } from "../api/rate";
import type {
  Assignment,
  Invite,
  JsonObject,
  Participation,
  PracticeScore,
  Question,
  SubmissionReceipt,
} from "../api/types";
import { Store } from "../base/store";
import { insist } from "./connection";
import type { IdentityStore } from "./identity";
import type { PenHolder } from "./tabs";

export type FlowPage =
  | { name: "loading" }
  | { name: "trouble"; message: string }
  | { name: "no_such_invite" }
  | { name: "closed" }
  | { name: "welcome"; textChanged: boolean }
  | { name: "declined" }
  /** What the study asks about the rater. */
  | { name: "about_you" }
  | { name: "instructions" }
  /** How near the rater was to what there was to follow. */
  | { name: "practice_score"; scores: PracticeScore[] }
  | { name: "practice_over" }
  | { name: "item"; assignment: Assignment }
  | { name: "nothing_left" }
  | { name: "completed" }
  | { name: "withdrawn" }
  | { name: "elsewhere" };

export interface FlowState {
  page: FlowPage;
  invite: Invite | null;
  participation: Participation | null;
  /** A call is under way; buttons wait. */
  busy: boolean;
}

export interface FlowPorts {
  api: RateApi;
  code: string;
  identity: IdentityStore;
  pen: PenHolder;
  simulated: boolean;
  /** What this browser got when the rater took part in one of these studies. */
  earlier(codes: readonly string[]): string;
  /** The page says what it says in this language from now on. */
  speak(language: string): Promise<void>;
  /** Fetches what the page needs to ask these. */
  prepare(questions: readonly Question[]): Promise<void>;
}

/** Where the rater is, decided anew from the server's word after each step and each reload. */
export class RaterFlow {
  readonly state = new Store<FlowState>({
    page: { name: "loading" },
    invite: null,
    participation: null,
    busy: false,
  });
  private readonly ports: FlowPorts;
  private retry: () => Promise<void> = () => this.load();
  private practised = false;
  private holding = false;

  constructor(ports: FlowPorts) {
    this.ports = ports;
    ports.api.renew = async () => void (await this.arrive());
  }

  start(): Promise<void> {
    return this.run(() => this.load());
  }

  tryAgain(): Promise<void> {
    return this.run(this.retry);
  }

  /** The rater agrees to the consent text that is on the page. */
  agree(): Promise<void> {
    return this.run(async () => {
      const { invite } = this.state.get();
      if (!invite) return this.load();
      const { api, code } = this.ports;
      const participation = await this.arrive();
      if (participation.state !== "invited") return this.place(participation);
      try {
        await this.place(await api.consent(invite.study.consent.digest));
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "consent_text_changed") throw error;
        this.state.patch({ invite: await api.invite(code) });
        this.show({ name: "welcome", textChanged: true });
      }
    });
  }

  decline(): void {
    this.show({ name: "declined" });
  }

  reconsider(): void {
    this.show({ name: "welcome", textChanged: false });
  }

  /** What the rater says about herself, or that she would rather not. */
  describe(answers: JsonObject): Promise<void> {
    return this.run(async () => this.place(await this.ports.api.describe(answers)));
  }

  /** The rater has read the instructions. */
  begin(): Promise<void> {
    return this.run(async () => {
      const { identity } = this.ports;
      identity.save({ ...identity.load(), begun: true });
      await this.next();
    });
  }

  readInstructions(): void {
    this.show({ name: "instructions" });
  }

  /** Go on with what is next: after the practice, or to look again whether something is left. */
  proceed(): Promise<void> {
    return this.run(() => this.next());
  }

  submitted(receipt: SubmissionReceipt): Promise<void> {
    return this.run(async () => {
      const { page } = this.state.get();
      this.practised = page.name === "item" && page.assignment.practice;
      if (receipt.scores.length > 0) {
        this.state.patch({ participation: receipt.participation });
        return this.show({ name: "practice_score", scores: receipt.scores });
      }
      await this.place(receipt.participation);
    });
  }

  skipped(participation: Participation): Promise<void> {
    return this.run(async () => {
      const { page } = this.state.get();
      this.practised = page.name === "item" && page.assignment.practice;
      await this.place(participation);
    });
  }

  withdraw(): Promise<void> {
    return this.run(async () => this.place(await this.ports.api.withdraw()));
  }

  /** Another tab rates now. One function for ever, so that handing it down never reopens a recording. */
  readonly lostPen = (): void => {
    if (this.state.get().page.name !== "elsewhere") this.show({ name: "elsewhere" });
  };

  /** Rate in this tab, whatever other tabs do. */
  continueHere(): Promise<void> {
    return this.run(async () => {
      const { participation } = this.state.get();
      if (participation) await this.takePen(participation, true);
      await this.place(await this.ports.api.participation());
    });
  }

  /** Whoever has been here is the same rater again: her arrival id is kept on the device or stands in her link. */
  private async arrive(): Promise<Participation> {
    const { api, code, identity, simulated, earlier } = this.ports;
    const before = earlier(this.state.get().invite?.study.earlier ?? []);
    const kept = identity.load();
    const { token, participation } = await api.arrive(code, kept.arrival_id, simulated, before);
    api.token = token;
    identity.save({ ...kept, token });
    return participation;
  }

  private show(page: FlowPage): void {
    this.state.patch({ page });
  }

  private async run(step: () => Promise<void>): Promise<void> {
    if (this.state.get().busy) return;
    this.state.patch({ busy: true });
    try {
      await step();
    } catch (error) {
      this.retry = step;
      if (error instanceof ApiError && error.code === "stale_writer") this.lostPen();
      else this.show({ name: "trouble", message: error instanceof Error ? error.message : String(error) });
    } finally {
      this.state.patch({ busy: false });
    }
  }

  private async load(): Promise<void> {
    const { api, code, identity } = this.ports;
    let invite: Invite;
    try {
      invite = await api.invite(code);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return this.show({ name: "no_such_invite" });
      throw error;
    }
    api.language = invite.study.language;
    await this.ports.speak(invite.study.language);
    this.state.patch({ invite });
    api.token = identity.load().token;
    const participation = await this.knownParticipation();
    if (participation) return this.place(participation);
    this.show(invite.state === "closed" ? { name: "closed" } : { name: "welcome", textChanged: false });
  }

  /** The participation of an earlier visit; null for a new rater and when the server has forgotten the token. */
  private async knownParticipation(): Promise<Participation | null> {
    const { api } = this.ports;
    if (api.token === null) return null;
    try {
      return await api.participation();
    } catch (error) {
      if (!(error instanceof ApiError) || (error.status !== 401 && error.status !== 403)) throw error;
      api.token = null;
      return null;
    }
  }

  private async place(participation: Participation): Promise<void> {
    this.state.patch({ participation });
    switch (participation.state) {
      case "invited":
        return this.show({ name: "welcome", textChanged: false });
      case "withdrawn":
        return this.show({ name: "withdrawn" });
      case "completed":
        return this.show({ name: "completed" });
      default:
        if (!(await this.takePen(participation, false))) return this.show({ name: "elsewhere" });
        if (participation.about_you_due) return this.askAboutRater();
        if (participation.state === "consented" && !this.ports.identity.load().begun) {
          return this.show({ name: "instructions" });
        }
        await this.next();
    }
  }

  private async askAboutRater(): Promise<void> {
    await this.prepare((this.state.get().invite?.study.about_you ?? []) as Question[]);
    this.show({ name: "about_you" });
  }

  private async takePen(participation: Participation, force: boolean): Promise<boolean> {
    if (this.holding && !force) return true;
    const lost = () => {
      this.holding = false;
      this.lostPen();
    };
    this.holding = await this.ports.pen.take(participation.id, force, lost);
    return this.holding;
  }

  private async next(): Promise<void> {
    const { api } = this.ports;
    const assignment = await insist(
      () => api.nextAssignment(),
      () => {},
    );
    if (assignment === null) return this.finish();
    await this.prepare(assignment.questions);
    if (this.practised && !assignment.practice) {
      this.practised = false;
      return this.show({ name: "practice_over" });
    }
    this.show({ name: "item", assignment });
  }

  private async prepare(questions: readonly Question[]): Promise<void> {
    try {
      await this.ports.prepare(questions);
    } catch (error) {
      throw new NetworkError(error);
    }
  }

  /** The server has nothing more to give: either all is done, or others hold what is left. */
  private async finish(): Promise<void> {
    const participation = await this.ports.api.participation();
    this.state.patch({ participation });
    this.show({ name: participation.state === "completed" ? "completed" : "nothing_left" });
  }
}
