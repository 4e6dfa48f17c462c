import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { dueAt, placeIn } from "../presenters/sequence/schedule";
import { MediaClock } from "../trace/clock";
import { DrawnMedium } from "./drawnmedium";
import type { ShownFrame } from "./frames";

const FRAME_MS = 16;

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["performance", "setInterval", "clearInterval", "setTimeout", "clearTimeout"],
  });
  // A screen of 62.5 Hz.
  vi.stubGlobal("requestAnimationFrame", (draw: FrameRequestCallback) =>
    setTimeout(() => draw(performance.now()), FRAME_MS - (performance.now() % FRAME_MS)),
  );
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function tenASecond(durationS = 5) {
  const onsetsS = Array.from({ length: durationS * 10 }, (_, place) => place / 10);
  const drawn: number[] = [];
  const medium = new DrawnMedium(durationS, (atS) => {
    const due = dueAt(onsetsS, atS);
    if (drawn.at(-1) === due) return null;
    drawn.push(due);
    return { mediaS: onsetsS[due] as number, number: due + 1 };
  });
  const frames: ShownFrame[] = [];
  medium.followFrames((frame) => frames.push(frame));
  return { medium, drawn, frames };
}

test("each picture is drawn once, in its order, and told with the refresh at which it is seen", async () => {
  const { medium, drawn, frames } = tenASecond();
  vi.advanceTimersByTime(1000);
  expect([drawn, frames]).toEqual([[0], []]);
  const began = performance.now();
  await medium.play();
  vi.advanceTimersByTime(3000);
  expect(drawn).toEqual(Array.from({ length: 31 }, (_, place) => place));
  const late = frames.slice(1).map(({ shownMs, mediaS }) => shownMs - began - 1000 * mediaS);
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...late)).toBeLessThan(FRAME_MS + 1);
});

test("what was shown is a clock: media time at any moment to within a refresh", async () => {
  const { medium, frames } = tenASecond();
  const clock = new MediaClock();
  clock.hold(0);
  await medium.play();
  const began = performance.now();
  clock.start();
  vi.advanceTimersByTime(4000);
  for (const { shownMs, mediaS } of frames) clock.observe(1000 * shownMs, 1e6 * mediaS);
  expect(Math.abs(clock.at(1000 * (began + 3000)) / 1e6 - 3)).toBeLessThan(FRAME_MS / 1000);
});

test("after a halt in the middle of a picture the run begins there, not at the picture's beginning", async () => {
  const { medium, frames } = tenASecond();
  await medium.play();
  vi.advanceTimersByTime(1250);
  medium.pause();
  const stood = medium.currentTime;
  vi.advanceTimersByTime(5000);
  frames.length = 0;
  await medium.play();
  vi.advanceTimersByTime(32);
  expect(Math.abs((frames[0]?.mediaS ?? 0) - stood)).toBeLessThan(0.04);
  medium.dispose();
  expect(vi.getTimerCount()).toBe(0);
});

test("a picture lies whole in the frame", () => {
  expect(placeIn({ width: 200, height: 100 }, { width: 50, height: 50 })).toEqual([50, 0, 100, 100]);
});
