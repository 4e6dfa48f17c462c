import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { expect, test } from "vitest";
import { ApiError, isTransient, type Method, NetworkError } from "../api/http";
import { RateApi } from "../api/rate";
import { openDb, result, STORES, StorageError, transact } from "../base/db";
import { BrokenDb } from "../testing/brokendb";
import { seeded } from "../testing/random";
import { faultyHttp, refuse, TraceServer, turn } from "../testing/traceserver";
import { OutboxStoppedError } from "./outbox";
import { TraceSession } from "./session";

/** `make test` tries this many seeds, the benchmark a thousand. */
const RUNS = Number(process.env.AFFECTORY_TRACE_RUNS ?? 200);
const PLACE = { trace: "t1", assignment: "a1", question: "affect", device: {}, start: [0, 0] };

const wait = (_ms: number, then: () => void) => {
  const handle = setImmediate(then);
  return () => clearImmediate(handle);
};

/** What one rater's browser, its pages and the network between them and the server are like just now. */
class World {
  readonly server = new TraceServer();
  readonly idb = new IDBFactory();
  readonly random: () => number;
  faults = 0.3;
  full = 0;
  now = 0;
  pages = 0;
  /** The server knows the tokens given from this one on. */
  validToken = 0;
  nextToken = 0;
  nextSample = 1;
  /** Samples that a page was told are kept. */
  readonly promised: number[] = [];

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  upTo(count: number): number {
    return Math.floor(this.random() * (count + 1));
  }
}

/** One page view with a session of its own; it can die at any moment. */
class Page {
  session!: TraceSession;
  alive = true;
  private readonly world: World;
  private token: number;
  private readonly device: BrokenDb;
  private waiting: number[] = [];

  private constructor(world: World, device: BrokenDb) {
    this.world = world;
    this.device = device;
    this.token = world.nextToken++;
  }

  static async open(world: World): Promise<Page> {
    for (;;) {
      const device = new BrokenDb(await openDb(world.idb), () => world.random() < world.full);
      const page = new Page(world, device);
      const ports = { api: page.api(), db: device.db, wait, random: world.random, changed: () => {} };
      try {
        const id = { id: `page-${world.pages++}`, originMs: 1 };
        page.session = await TraceSession.open({ ...ports, page: id }, PLACE);
        page.session.recorder.clock.hold(world.now);
        return page;
      } catch (error) {
        if (!isTransient(error) && !(error instanceof StorageError)) throw error;
      }
    }
  }

  /** Records a burst and keeps it; what could not be kept stays with the page for the next time. */
  async rate(): Promise<void> {
    const { world, session } = this;
    world.now += 200;
    for (let i = world.upTo(40); i > 0; i--) {
      const sample = world.nextSample++;
      session.recorder.value[0] = sample;
      session.recorder.sample("mouse", world.now, 1, 2);
      this.waiting.push(sample);
    }
    try {
      await session.beat(world.now, true);
      this.kept();
    } catch (error) {
      if (this.alive && !(error instanceof StorageError)) throw error;
    }
  }

  async finish(): Promise<void> {
    this.session.end(this.world.now);
    await this.session.finish();
    this.kept();
  }

  kill(): void {
    this.alive = false;
    this.device.kill();
  }

  private kept(): void {
    if (!this.alive || this.session.status.stopped?.reason === "stale") return;
    this.world.promised.push(...this.waiting.splice(0));
  }

  private api(): RateApi {
    const { world, token } = this;
    const http = faultyHttp(world.server, world.random, () => world.faults);
    const send = async <T>(method: Method, path: string, body?: unknown): Promise<T> => {
      if (!this.alive) return new Promise<T>(() => {});
      if (token < world.validToken) throw refuse(401, "not_authenticated");
      const answer = await http.send<T>(method, path, body);
      return this.alive ? answer : new Promise<T>(() => {});
    };
    const api = new RateApi({ send });
    api.token = "this rater";
    api.renew = () => this.renew();
    return api;
  }

  /** The invitation lets the rater in again, or does not: then it is for the next page to send what is kept. */
  private async renew(): Promise<void> {
    await turn();
    const { random, faults } = this.world;
    if (random() < faults) throw new NetworkError("no answer");
    if (random() < 0.3) throw refuse(410, "study_closed");
    this.token = this.world.nextToken++;
  }
}

const FAULTS: Record<string, (world: World, page: Page) => Promise<Page>> = {
  async reload(world, page) {
    const writing = page.rate();
    for (let turns = world.upTo(6); turns > 0; turns--) await turn();
    page.kill();
    await Promise.race([writing, turn()]);
    return Page.open(world);
  },
  async "second tab"(world, older) {
    const newer = await Page.open(world);
    for (let beats = world.upTo(4); beats > 0; beats--) await Promise.all([older.rate(), newer.rate()]);
    if (world.random() < 0.5) older.kill();
    return newer;
  },
  async "network off"(world, page) {
    const before = world.faults;
    world.faults = 1;
    for (let beats = world.upTo(20); beats > 0; beats--) await page.rate();
    world.faults = before;
    page.session.hurry();
    return page;
  },
  async "expired session"(world, page) {
    world.validToken = world.nextToken;
    for (let beats = world.upTo(15); beats > 0; beats--) await page.rate();
    if (world.random() < 0.5) return page;
    page.kill();
    return Page.open(world);
  },
  async "device full"(world, page) {
    world.full = 0.2 + 0.8 * world.random();
    for (let beats = world.upTo(6); beats > 0; beats--) await page.rate();
    world.full = 0;
    await page.rate();
    return page;
  },
  async "bad network"(world, page) {
    world.faults = world.random() * 0.8;
    return page;
  },
};

async function rated(seed: number): Promise<World> {
  const world = new World(seed);
  let page = await Page.open(world);
  const kinds = Object.values(FAULTS);
  for (let steps = 1 + world.upTo(5); steps > 0; steps--) {
    for (let beats = world.upTo(12); beats > 0; beats--) await page.rate();
    page = await (kinds[world.upTo(kinds.length - 1)] as (typeof kinds)[number])(world, page);
  }
  world.faults = Math.min(world.faults, 0.4);
  while (!world.server.finished) {
    try {
      await page.finish();
    } catch (error) {
      const expired =
        error instanceof OutboxStoppedError || (error instanceof ApiError && error.status === 401);
      if (expired) page = await Page.open(world);
      else if (!isTransient(error) && !(error instanceof StorageError)) throw error;
    }
  }
  return world;
}

/** What is wrong with what the server holds at the end, or null. */
async function fault(world: World): Promise<string | null> {
  const events = world.server.events() as [number, string, number, number, [number, number]][];
  if (events.some(([seq], place) => seq !== place)) return "events are missing, doubled or out of order";
  const samples = events.filter(([, kind]) => kind === "sample").map(([, , , , value]) => value[0]);
  if (new Set(samples).size !== samples.length) return "a sample is stored twice";
  const stored = new Set(samples);
  const lost = world.promised.filter((sample) => !stored.has(sample));
  if (lost.length > 0) return `${lost.length} samples that were kept are not stored`;
  const db = await openDb(world.idb);
  const left = await transact(db, [STORES.batches], "readonly", (tx) =>
    result(tx.objectStore(STORES.batches).count()),
  );
  return left > 0 ? "events are left on the device" : null;
}

test("nothing kept is lost or doubled, whatever happens to page, network, session and device", async () => {
  const wrong: string[] = [];
  let events = 0;
  for (let seed = 0; seed < RUNS; seed++) {
    const world = await rated(seed);
    const found = await fault(world);
    if (found) wrong.push(`seed ${seed}: ${found}`);
    events += world.server.events().length;
  }
  process.stdout.write(`trace protocol: ${JSON.stringify({ runs: RUNS, events, wrong: wrong.length })}\n`);
  expect(wrong).toEqual([]);
}, 600_000);
