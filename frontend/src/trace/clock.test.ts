import { describe, expect, test } from "vitest";
import { seeded } from "../testing/random";
import { MediaClock } from "./clock";

const FRAME_US = 40_000;
const VSYNC_US = 16_667;

/** When a frame that is due at `dueUs` is out: at the next refresh, or later where the machine is busy. */
type Lateness = (dueUs: number, random: () => number) => number;

const atNextRefresh: Lateness = (_due, random) => random() * VSYNC_US;

/** The main thread works 60 of every 100 ms; what falls into that time comes when it is over, or not at all. */
const busy: Lateness = (due, random) => {
  const into = due % 100_000;
  return random() * VSYNC_US + (into < 60_000 ? 60_000 - into + random() * 10_000 : 0);
};

/** A machine that others load: a share of the frames is late by an exponential time. */
const loaded =
  (share: number, meanUs: number): Lateness =>
  (due, random) =>
    atNextRefresh(due, random) + (random() < share ? -meanUs * Math.log(1 - random()) : 0);

/** 95th percentile of the errors (µs) of the clock at the frames' due times, after the first second, and the clock. */
function follow(
  lateness: Lateness,
  seed: number,
  frames = 1500,
  drift = 1,
): { p95Us: number; clock: MediaClock } {
  const random = seeded(seed);
  const clock = new MediaClock();
  clock.hold(0);
  clock.start();
  const origin = 1e8 * random();
  const errors: number[] = [];
  for (let frame = 0; frame < frames; frame++) {
    const media = frame * FRAME_US;
    const due = media / drift;
    clock.observe(origin + due + lateness(due, random), media);
    // On time means: out at the next refresh, half of one later than due on average.
    if (frame >= 25) errors.push(Math.abs(clock.at(origin + due + VSYNC_US / 2) - media));
  }
  errors.sort((a, b) => a - b);
  return { p95Us: errors[Math.floor(0.95 * errors.length)] as number, clock };
}

describe("the media clock on a machine that is late", () => {
  test("an idle machine: within 2.5 ms at the 95th percentile, whatever the drift", () => {
    for (let seed = 0; seed < 20; seed++) {
      const drift = 1 + (seed - 10) * 5e-5;
      expect(follow(atNextRefresh, seed, 1500, drift).p95Us, `seed ${seed}`).toBeLessThan(2500);
    }
  });

  test("a main thread that is 60 % busy: within a quarter of a frame, and the late share is told", () => {
    for (let seed = 0; seed < 20; seed++) {
      const { p95Us, clock } = follow(busy, seed);
      expect(p95Us, `seed ${seed}`).toBeLessThan(FRAME_US / 4);
      expect(clock.fit?.late).toBeGreaterThan(0.2);
    }
  });

  test.each([
    [0.3, 15_000],
    [0.5, 40_000],
    [0.55, 150_000],
  ])(
    "a share of %d of the frames late by %d µs in the mean: within 4 ms, and the residual does not grow",
    (share, mean) => {
      for (let seed = 0; seed < 20; seed++) {
        const { p95Us, clock } = follow(loaded(share, mean), seed);
        expect(p95Us, `seed ${seed}`).toBeLessThan(4000);
        expect(clock.fit?.residual_us).toBeLessThan(8000);
      }
    },
  );

  test("frames whose callback never came change nothing", () => {
    const random = seeded(9);
    const clock = new MediaClock();
    clock.start();
    for (let frame = 0; frame < 1000; frame++)
      if (random() < 0.4) clock.observe(frame * FRAME_US + random() * VSYNC_US, frame * FRAME_US);
    expect(Math.abs(clock.at(1000 * FRAME_US + VSYNC_US / 2) - 1000 * FRAME_US)).toBeLessThan(2500);
  });

  test("another playback rate is kept as slope", () => {
    const clock = new MediaClock();
    clock.start(1.5);
    for (let frame = 0; frame < 300; frame++) clock.observe((frame * FRAME_US) / 1.5, frame * FRAME_US);
    expect(clock.fit?.b).toBeCloseTo(1.5, 9);
    expect(clock.fit?.residual_us).toBeLessThan(1e-3);
  });
});
