import { describe, expect, test } from "vitest";
import { ApiError, type Method, NetworkError } from "../api/http";
import { RateApi } from "../api/rate";
import type { Assignment, Invite, Participation, ParticipationState } from "../api/types";
import { RaterFlow } from "./flow";
import { type Identity, identityStore, inviteCode } from "./identity";

const INVITE: Invite = {
  study: {
    title: "Films",
    description: "",
    estimated_minutes: 5,
    consent: { text: "yes?", produced: null, digest: "d1" },
    instructions: "",
    warning: null,
    language: "en",
    languages: ["en"],
    synthetic_media: false,
    about_you: [],
    earlier: [],
  },
  state: "open",
};

const refusal = (status: number, code: string) => new ApiError(status, { code, message: code, details: {} });

/** A study with one practice item and two items, for one rater. */
class StudyServer {
  state: ParticipationState = "invited";
  digest = "d1";
  open = true;
  done = 0;
  asksAboutRater = false;
  arrivals: string[] = [];
  failNext: Error | null = null;
  token = "secret";

  api(): RateApi {
    const answer = (given: string, body: unknown): unknown => {
      const path = given.replace(/\?.*/, "");
      if (path.endsWith("invites/code/")) return { ...INVITE, state: this.open ? "open" : "closed" };
      if (path.endsWith("arrive/")) {
        this.arrivals.push((body as { arrival_id: string }).arrival_id);
        return { token: this.token, participation: this.participation() };
      }
      if (path.endsWith("consent/")) {
        if ((body as { digest: string }).digest !== this.digest) throw refusal(409, "consent_text_changed");
        this.state = "consented";
        return this.participation();
      }
      if (path.endsWith("about-you/")) {
        this.asksAboutRater = false;
        return this.participation();
      }
      if (path.endsWith("withdraw/")) {
        this.state = "withdrawn";
        return this.participation();
      }
      if (path.endsWith("next/")) return this.next();
      return this.participation();
    };
    return new RateApi({
      send: async <T>(_method: Method, path: string, body?: unknown, token?: string | null): Promise<T> => {
        const failure = this.failNext;
        this.failNext = null;
        if (failure) throw failure;
        if (token && token !== this.token) throw refusal(401, "authentication_failed");
        return answer(path, body) as T;
      },
    });
  }

  finishOne(): Participation {
    this.done += 1;
    if (this.done === 3) this.state = "completed";
    return this.participation();
  }

  participation(): Participation {
    const progress = {
      practice_done: Math.min(this.done, 1),
      practice_total: 1,
      done: Math.max(0, this.done - 1),
      total: 2,
    };
    const about_you_due = this.asksAboutRater && this.state !== "invited";
    const completion_code = this.state === "completed" ? "CODE" : null;
    return {
      id: "p",
      state: this.state,
      rater: "r",
      simulated: false,
      progress,
      completion_code,
      about_you_due,
    };
  }

  private next(): Assignment | null {
    if (this.done >= 3) return null;
    this.state = "rating";
    return {
      id: `a${this.done}`,
      state: "open",
      practice: this.done === 0,
      position: this.done,
      lease_until: "",
      item: {
        id: "i",
        kind: "text",
        duration_s: null,
        onset_s: null,
        offset_s: null,
        condition: "text",
        text: "t",
        context: null,
        media: {},
        frame_rate_hz: null,
        parts: [],
        samples: null,
        frames_s: [],
        target: null,
        people: [],
        choose_from: [],
      },
      questions: [],
      proposals: [],
      presentation: {
        order: "random",
        pause: true,
        rewind: false,
        sound: true,
        lead_in_s: 0,
        blur: false,
        skip: false,
        must_play: null,
      },
      traces: [],
    };
  }
}

class MemoryStorage implements Pick<Storage, "getItem" | "setItem"> {
  readonly kept = new Map<string, string>();
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.kept.set(key, value);
  }
}

interface Browser {
  storage: MemoryStorage;
  penTaken: boolean;
}

function visit(server: StudyServer, browser: Browser) {
  let lost: () => void = () => {};
  const flow = new RaterFlow({
    api: server.api(),
    code: "code",
    identity: identityStore(browser.storage as unknown as Storage, "code"),
    simulated: false,
    earlier: () => "",
    speak: async () => {},
    prepare: async () => {},
    pen: {
      async take(_participation, force, onLost) {
        if (browser.penTaken && !force) return false;
        lost = onLost;
        return true;
      },
    },
  });
  return { flow, page: () => flow.state.get().page, losePen: () => lost() };
}

const newBrowser = (): Browser => ({ storage: new MemoryStorage(), penTaken: false });
const keptIdentity = (browser: Browser) =>
  JSON.parse(browser.storage.getItem("affectory.invite.code") ?? "null") as Identity;

describe("the rater's way", () => {
  test("leads from the invite over the practice to the completion code", async () => {
    const server = new StudyServer();
    const { flow, page } = visit(server, newBrowser());
    await flow.start();
    expect(page().name).toBe("welcome");
    expect(server.arrivals).toEqual([]);
    await flow.agree();
    expect(page().name).toBe("instructions");
    await flow.begin();
    expect(page()).toMatchObject({ name: "item", assignment: { practice: true } });
    await flow.submitted({
      assignment: "a0",
      state: "submitted",
      participation: server.finishOne(),
      scores: [],
    });
    expect(page().name).toBe("practice_over");
    await flow.proceed();
    expect(page()).toMatchObject({ name: "item", assignment: { id: "a1" } });
    await flow.submitted({
      assignment: "a1",
      state: "submitted",
      participation: server.finishOne(),
      scores: [],
    });
    expect(page()).toMatchObject({ name: "item", assignment: { id: "a2" } });
    await flow.submitted({
      assignment: "a2",
      state: "submitted",
      participation: server.finishOne(),
      scores: [],
    });
    expect(page().name).toBe("completed");
    expect(flow.state.get().participation?.completion_code).toBe("CODE");
  });

  test("asks about the rater once, after consent and before the instructions", async () => {
    const server = new StudyServer();
    server.asksAboutRater = true;
    const browser = newBrowser();
    const first = visit(server, browser);
    await first.flow.start();
    await first.flow.agree();
    expect(first.page().name).toBe("about_you");
    const { flow, page } = visit(server, browser);
    await flow.start();
    expect(page().name).toBe("about_you");
    await flow.describe({ age: null });
    expect(page().name).toBe("instructions");
  });

  test("a reload goes on at the open item, with the same arrival id", async () => {
    const server = new StudyServer();
    const browser = newBrowser();
    const first = visit(server, browser);
    await first.flow.start();
    const { arrival_id } = keptIdentity(browser);
    await first.flow.agree();
    await first.flow.begin();
    const second = visit(server, browser);
    await second.flow.start();
    expect(second.page()).toMatchObject({ name: "item", assignment: { id: "a0" } });
    expect(server.arrivals).toEqual([arrival_id]);
  });

  test("whoever the server does not know any more is let in again as the same rater", async () => {
    const server = new StudyServer();
    const browser = newBrowser();
    const { flow, page } = visit(server, browser);
    await flow.start();
    const { arrival_id } = keptIdentity(browser);
    await flow.agree();
    server.token = "another secret";
    await flow.begin();
    expect(page()).toMatchObject({ name: "item", assignment: { id: "a0" } });
    expect(server.arrivals).toEqual([arrival_id, arrival_id]);
    expect(keptIdentity(browser)).toEqual({ arrival_id, token: "another secret", begun: true });
  });

  test("nothing is stored on the server about somebody who declines", async () => {
    const server = new StudyServer();
    const { flow, page } = visit(server, newBrowser());
    await flow.start();
    flow.decline();
    expect(page().name).toBe("declined");
    expect(server.arrivals).toEqual([]);
  });

  test("a consent text that changed meanwhile is shown again", async () => {
    const server = new StudyServer();
    const { flow, page } = visit(server, newBrowser());
    await flow.start();
    server.digest = "d2";
    await flow.agree();
    expect(page()).toEqual({ name: "welcome", textChanged: true });
  });

  test("a closed study turns new raters away and lets those who rate go on", async () => {
    const server = new StudyServer();
    const browser = newBrowser();
    const early = visit(server, browser);
    await early.flow.start();
    await early.flow.agree();
    await early.flow.begin();
    server.open = false;
    const late = visit(server, newBrowser());
    await late.flow.start();
    expect(late.page().name).toBe("closed");
    const again = visit(server, browser);
    await again.flow.start();
    expect(again.page().name).toBe("item");
  });

  test("trouble offers a retry that picks up the failed step", async () => {
    const server = new StudyServer();
    const { flow, page } = visit(server, newBrowser());
    server.failNext = new NetworkError("down");
    await flow.start();
    expect(page().name).toBe("trouble");
    await flow.tryAgain();
    expect(page().name).toBe("welcome");
  });

  test("a second tab waits until it is told to go on here, and the first one stops", async () => {
    const server = new StudyServer();
    const browser = newBrowser();
    const first = visit(server, browser);
    await first.flow.start();
    await first.flow.agree();
    await first.flow.begin();
    browser.penTaken = true;
    const second = visit(server, browser);
    await second.flow.start();
    expect(second.page().name).toBe("elsewhere");
    await second.flow.continueHere();
    first.losePen();
    expect(second.page().name).toBe("item");
    expect(first.page().name).toBe("elsewhere");
  });

  test("withdrawing ends it, also after a reload", async () => {
    const server = new StudyServer();
    const browser = newBrowser();
    const { flow, page } = visit(server, browser);
    await flow.start();
    await flow.agree();
    await flow.withdraw();
    expect(page().name).toBe("withdrawn");
    const again = visit(server, browser);
    await again.flow.start();
    expect(again.page().name).toBe("withdrawn");
  });

  test("an unknown invite says so", async () => {
    const server = new StudyServer();
    const { flow, page } = visit(server, newBrowser());
    server.failNext = refusal(404, "not_found");
    await flow.start();
    expect(page().name).toBe("no_such_invite");
  });
});

test("the invite code is the last part of the address", () => {
  expect(inviteCode("/s/aB3")).toBe("aB3");
  expect(inviteCode("/s/aB3/")).toBe("aB3");
  expect(inviteCode("/static/app/rate.html")).toBeNull();
});
