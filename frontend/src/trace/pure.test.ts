import { describe, expect, test } from "vitest";
import { seeded } from "../testing/random";
import { CHUNK_LIMIT_BYTES, cutChunks } from "./chunker";
import { MediaClock } from "./clock";
import { EventLog } from "./events";
import { KeyMotion } from "./keymotion";
import { moveBy, valueAt } from "./padmap";

describe("media clock", () => {
  test("knows nothing before the first hold or frame", () => {
    expect(new MediaClock().at(5)).toBeNaN();
  });

  test("recovers drift and offset from jittered frames to well below a frame", () => {
    const random = seeded(1);
    for (let run = 0; run < 50; run++) {
      const drift = 1 + (random() - 0.5) * 1e-3;
      const offset = random() * 1e8;
      const clock = new MediaClock();
      clock.hold(0);
      clock.start();
      let event = offset;
      for (let frame = 0; frame < 400; frame++) {
        const media = frame * 40_000;
        event = offset + media / drift;
        if (random() < 0.3) continue; // frames whose callback was lost
        clock.observe(event + (random() - 0.5) * 16_667, media);
      }
      expect(Math.abs(clock.at(event) - 399 * 40_000)).toBeLessThan(5_000);
      expect(clock.fit?.residual_us).toBeGreaterThan(2_000);
      expect(clock.fit?.residual_us).toBeLessThan(8_000);
    }
  });

  test("uses the playback rate as slope until it has seen enough", () => {
    const clock = new MediaClock();
    clock.start(1.5);
    clock.observe(1_000_000, 0);
    expect(clock.at(2_000_000)).toBeCloseTo(1_500_000);
  });

  test("finds back within a few frames after a halt that nobody announced", () => {
    const clock = new MediaClock();
    clock.hold(0);
    clock.start();
    for (let frame = 0; frame < 200; frame++) clock.observe(frame * 40_000, frame * 40_000);
    const late = 160_000;
    for (let frame = 200; frame < 205; frame++) clock.observe(frame * 40_000 + late, frame * 40_000);
    expect(Math.abs(clock.at(210 * 40_000 + late) - 210 * 40_000)).toBeLessThan(1000);
  });

  test("one late callback does not move the line much", () => {
    const clock = new MediaClock();
    clock.hold(0);
    clock.start();
    for (let frame = 0; frame < 200; frame++)
      clock.observe(frame * 40_000 + (frame === 150 ? 90_000 : 0), frame * 40_000);
    expect(Math.abs(clock.at(200 * 40_000) - 200 * 40_000)).toBeLessThan(3000);
  });

  test("never tells a time after the end of the medium", () => {
    const clock = new MediaClock();
    clock.endUs = 6_000_000;
    clock.start();
    clock.observe(0, 5_900_000);
    expect(clock.at(400_000)).toBe(6_000_000);
  });

  test("stands still while held and forgets the old stretch on start", () => {
    const clock = new MediaClock();
    clock.start();
    clock.observe(0, 0);
    clock.hold(700_000);
    expect(clock.at(9_000_000)).toBe(700_000);
    clock.start();
    expect(clock.at(9_500_000)).toBe(700_000);
    clock.observe(10_000_000, 700_000);
    expect(clock.at(11_000_000)).toBe(1_700_000);
    expect(clock.fit?.n).toBe(1);
  });
});

describe("event log", () => {
  test("writes the contract's tuples in sequence", () => {
    const log = new EventLog(2, 7);
    log.push("play", 1000.4, 0, [0, 0], Number.NaN, Number.NaN, { by: "rater" });
    log.push("sample", 2000, 1000, [0.123456, -1], 12.34, 5);
    log.push("heartbeat", 3000, Number.NaN, [0.5, 0.5]);
    expect(log.drain().map((text) => JSON.parse(text))).toEqual([
      [7, "play", 1000, 0, [0, 0], { by: "rater" }],
      [8, "sample", 2000, 1000, [0.12346, -1], [12.3, 5]],
      [9, "heartbeat", 3000, null, [0.5, 0.5], null],
    ]);
    expect(log.drain()).toEqual([]);
    expect(log.nextSeq).toBe(10);
  });

  test("an overflow drops the oldest and shows as a hole in the sequence", () => {
    const log = new EventLog(1, 0, 4);
    for (let i = 0; i < 6; i++) log.push("sample", i, i, [i], Number.NaN, Number.NaN, { i });
    expect(log.drain().map((text) => (JSON.parse(text) as number[])[0])).toEqual([2, 3, 4, 5]);
  });
});

describe("chunker", () => {
  test("keeps every event once, in order, below the limit, in random runs", () => {
    const random = seeded(2);
    const clock = { a_us: 1, b: 1, residual_us: 0, n: 3, late: 0 };
    const head = { page: "p", origin_ms: 1.5, clock, screen: null };
    for (let run = 0; run < 100; run++) {
      const log = new EventLog(2, 0, 2000);
      const count = Math.floor(random() * 1500);
      for (let i = 0; i < count; i++) {
        const note = random() < 0.02 ? { why: "ü".repeat(Math.floor(random() * 300)) } : null;
        log.push("sample", random() * 1e9, random() * 1e9, [random(), random()], random() * 500, 3, note);
      }
      const chunks = cutChunks(head, log.drain());
      const seen = chunks.flatMap((chunk) => {
        expect(new TextEncoder().encode(chunk.body).length).toBeLessThanOrEqual(CHUNK_LIMIT_BYTES);
        return (JSON.parse(chunk.body) as { events: number[][] }).events.map((event) => event[0]);
      });
      expect(seen).toEqual(Array.from({ length: count }, (_, i) => i));
    }
  });
});

test("places map to values and stop at the edges, also on a flipped axis", () => {
  expect([0.5, 0, 1.4].map((part) => valueAt(part, { min: 1, max: 9 }))).toEqual([5, 1, 9]);
  const flipped = { min: 1, max: -1 };
  expect([0.25, -3].map((part) => valueAt(part, flipped))).toEqual([0.5, 1]);
  expect(moveBy(0.5, 0.5, flipped)).toBe(-0.5);
  expect(moveBy(-0.5, 0.9, flipped)).toBe(-1);
});

describe("key motion", () => {
  const travel = (frameMs: number, heldMs: number): number => {
    const keys = new KeyMotion();
    const out = { x: 0, y: 0, z: 0 };
    let sum = 0;
    keys.press("right", 0);
    for (let now = frameMs; now < heldMs; now += frameMs) {
      keys.press("right", now);
      keys.take(now, out);
      sum += out.x;
    }
    keys.release("right", heldMs);
    keys.take(heldMs, out);
    return sum + out.x;
  };

  test("does not depend on the frame rate", () => {
    for (const held of [30, 400, 1800])
      expect(travel(1000 / 144, held)).toBeCloseTo(travel(1000 / 30, held), 10);
  });

  test("a tap is a small step even between two frames, and holding accelerates", () => {
    expect(travel(1000, 20)).toBeGreaterThan(0.009);
    expect(travel(1000, 20)).toBeLessThan(0.02);
    expect(travel(16, 1000)).toBeGreaterThan(4 * travel(16, 300));
  });

  test("opposite keys cancel, and lost focus stops", () => {
    const keys = new KeyMotion();
    const out = { x: 0, y: 0, z: 0 };
    keys.press("up", 0);
    keys.press("down", 0);
    keys.take(500, out);
    expect(out.y).toBeCloseTo(0);
    keys.releaseAll();
    keys.take(900, out);
    expect(out).toEqual({ x: 0, y: 0, z: 0 });
    expect(keys.mask).toBe(0);
  });
});
