import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { expect, test, vi } from "vitest";
import { ApiError, NetworkError } from "../api/http";
import { openDb } from "../base/db";
import { seeded } from "../testing/random";
import type { Dialogue, DialogueCalls, Said } from "./calls";
import { NoteBook } from "./notes";
import { Talk, type TalkPorts } from "./talk";

const refused = (status: number, code: string): ApiError =>
  new ApiError(status, { code, message: code, details: {} });

/** The server's side of one dialogue, as one of both is told it, behind a network that loses calls and answers. */
class Server {
  readonly messages: Said[] = [];
  state: Dialogue["state"] = "open";
  down = false;
  lossy = false;
  left = 0;
  private readonly random = seeded(7);

  readonly calls: TalkPorts["calls"] = {
    own: () => this.answer(() => this.told(0)),
    enter: () => this.answer(() => this.told(0)),
    look: (_id, after) => this.answer(() => this.told(after)),
    say: (_id, message, text) => this.answer(() => this.take(message, text, true)),
    end: () =>
      this.answer(() => {
        this.state = "ended";
        return this.told(0);
      }),
    leave: () =>
      this.answer(() => {
        this.left += 1;
        this.messages.length = 0;
        return null;
      }),
  };

  take(id: string, text: string, mine: boolean): Said {
    const known = this.messages.find((message) => message.id === id);
    if (known) return known;
    if (this.state !== "open") throw refused(409, "dialogue_over");
    if (text === "unwanted") throw refused(409, "not_your_turn");
    const seq = this.messages.length + 1;
    const said: Said = { id, seq, mine, text, label: null, said_at: "2026-11-21T10:00:00Z" };
    this.messages.push(said);
    return said;
  }

  told(after: number): Dialogue {
    const ended = this.state === "ended";
    return {
      id: "d1",
      state: this.state,
      role: "asker",
      waited_s: null,
      partner: "here",
      turns: this.messages.length,
      my_turn: true,
      may_end: true,
      messages: this.messages.filter(({ seq }) => seq > after),
      answer: ended ? { dialogue: "d1", role: "asker", turns: this.messages.length } : null,
    };
  }

  private async answer<T>(work: () => T): Promise<T> {
    if (this.down || (this.lossy && this.random() < 0.4)) throw new NetworkError("lost call");
    const answer = work();
    if (this.lossy && this.random() < 0.4) throw new NetworkError("lost answer");
    return answer;
  }
}

async function talking(server: Server, more: Partial<TalkPorts> = {}, factory = new IDBFactory()) {
  const ports: TalkPorts = {
    calls: server.calls as DialogueCalls,
    book: new NoteBook(await openDb(factory)),
    wait: (_ms, then) => {
      const handle = setImmediate(then);
      return () => clearImmediate(handle);
    },
    now: () => 0,
    hidden: () => false,
    random: seeded(3),
    itemChanged: () => {},
    ...more,
  };
  const talk = new Talk(ports);
  void talk.run();
  return talk;
}

const until = (talk: Talk, reached: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const stop = talk.state.subscribe(() => {
      if (!reached()) return;
      stop();
      resolve();
    });
    if (reached()) {
      stop();
      resolve();
    }
  });

const textsOf = (talk: Talk): string[] => talk.state.get().messages.map(({ text }) => text);
const ready = (talk: Talk): Promise<void> => until(talk, () => talk.state.get().phase === "dialogue");

test("through a network that loses calls and answers everything is said once and in order", async () => {
  const server = new Server();
  const talk = await talking(server);
  await ready(talk);
  server.lossy = true;
  const said = Array.from({ length: 20 }, (_, n) => `message ${n}`);
  for (const [n, text] of said.entries()) {
    talk.send(text, "");
    if (n % 5 === 0) server.take(`theirs ${n}`, `theirs ${n}`, false);
  }
  await until(talk, () => textsOf(talk).length === 24 && talk.state.get().notes.unsent.length === 0);
  expect(server.messages.filter(({ mine }) => mine).map(({ text }) => text)).toEqual(said);
  expect(textsOf(talk)).toEqual(server.messages.map(({ text }) => text));
  talk.dispose();
});

test("what was written before a reload is sent after it", async () => {
  const server = new Server();
  const factory = new IDBFactory();
  const before = await talking(server, {}, factory);
  await ready(before);
  server.down = true;
  before.send("kept", "");
  before.typed("half a sen");
  const book = new NoteBook(await openDb(factory));
  await vi.waitFor(async () => expect((await book.load("d1")).typed).toBe("half a sen"));
  before.dispose();
  server.down = false;
  const after = await talking(server, {}, factory);
  await until(after, () => textsOf(after).length === 1);
  expect(textsOf(after)).toEqual(["kept"]);
  expect(after.state.get().notes.typed).toBe("half a sen");
  after.dispose();
});

test("a message that comes too late is told, not lost", async () => {
  const server = new Server();
  const talk = await talking(server);
  await ready(talk);
  server.down = true;
  talk.send("one more thing", "");
  await until(talk, () => talk.state.get().offline);
  server.state = "ended";
  server.down = false;
  talk.hurry();
  await until(talk, () => talk.state.get().dialogue?.state === "ended");
  expect(talk.state.get().notice).toContain("one more thing");
  expect(talk.state.get().dialogue?.answer).toMatchObject({ turns: 0 });
  talk.dispose();
});

test("a refused message is in the field again", async () => {
  const server = new Server();
  const talk = await talking(server);
  await ready(talk);
  talk.send("unwanted", "");
  await until(talk, () => talk.state.get().notes.typed === "unwanted");
  expect(talk.state.get().notes.unsent).toEqual([]);
  expect(server.messages).toEqual([]);
  talk.dispose();
});

test("whoever leaves to look for another one enters again, and the item is looked at anew", async () => {
  const server = new Server();
  let changed = 0;
  const talk = await talking(server, {
    itemChanged: () => {
      changed += 1;
    },
  });
  await ready(talk);
  talk.send("hello", "");
  await until(talk, () => textsOf(talk).length === 1);
  const seen = changed;
  await talk.leave(true);
  await until(talk, () => talk.state.get().phase === "dialogue" && textsOf(talk).length === 0);
  expect(server.left).toBe(1);
  expect(changed).toBeGreaterThan(seen);
  talk.dispose();
});

test("the partner is told that she writes, and that her page is out of sight", async () => {
  const server = new Server();
  const signs: string[] = [];
  let hidden = false;
  let now = 0;
  const calls = {
    ...server.calls,
    look: (id: string, after: number, sign: "here" | "writing" | "hidden") => {
      signs.push(sign);
      return server.calls.look(id, after, sign);
    },
  };
  const talk = await talking(server, { calls, hidden: () => hidden, now: () => now });
  await ready(talk);
  const told = (sign: string) => {
    signs.length = 0;
    talk.hurry();
    return new Promise<void>((resolve) => {
      const look = () => (signs.includes(sign) ? resolve() : setImmediate(look));
      look();
    });
  };
  talk.typed("Well");
  await told("writing");
  now = 10_000;
  await told("here");
  hidden = true;
  await told("hidden");
  talk.dispose();
});
