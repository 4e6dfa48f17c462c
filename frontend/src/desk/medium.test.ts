import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TimedMedium } from "./medium";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance", "setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());

test("plays, halts and ends like a film, on the performance clock", async () => {
  const clip = new TimedMedium(3);
  const told: string[] = [];
  for (const type of ["playing", "pause", "ended"]) clip.addEventListener(type, () => told.push(type));
  await clip.play();
  vi.advanceTimersByTime(1000);
  expect(clip.currentTime).toBeCloseTo(1);
  clip.pause();
  vi.advanceTimersByTime(5000);
  expect(clip.currentTime).toBeCloseTo(1);
  clip.currentTime = 0.5;
  await clip.play();
  vi.advanceTimersByTime(10_000);
  expect([clip.currentTime, clip.ended]).toEqual([3, true]);
  expect(told).toEqual(["playing", "pause", "playing", "ended"]);
  expect([clip.played.length, clip.played.start(1), clip.played.end(1)]).toEqual([2, 0.5, 3]);
  clip.dispose();
  expect(vi.getTimerCount()).toBe(0);
});
