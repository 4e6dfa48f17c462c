import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TimedMedium } from "./medium";
import { Stretch } from "./stretch";

/** As much of an audio element as is played here: a file of 20 s. */
class File extends TimedMedium {
  readonly seeks: number[] = [];

  override get currentTime(): number {
    return super.currentTime;
  }

  override set currentTime(toS: number) {
    this.seeks?.push(toS);
    const playing = this.playing;
    super.currentTime = toS;
    if (playing) void this.play();
  }

  override async play(): Promise<void> {
    await super.play();
    this.dispatchEvent(new Event("play"));
  }
}

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["performance", "setInterval", "clearInterval", "setTimeout", "clearTimeout"],
  });
});

afterEach(() => void vi.useRealTimers());

function cut(fromS: number, untilS: number | null) {
  const file = new File(20);
  const medium = new Stretch(file as unknown as HTMLMediaElement, fromS, untilS);
  const told: string[] = [];
  for (const type of ["playing", "pause", "ended"]) medium.addEventListener(type, () => told.push(type));
  return { file, medium, told };
}

const ranges = ({ played }: Stretch) =>
  Array.from({ length: played.length }, (_, i) => [played.start(i), played.end(i)]);

test("begins at its onset and ends at its offset, on a time of its own", async () => {
  const { file, medium, told } = cut(5, 8);
  expect([file.currentTime, medium.currentTime, medium.duration]).toEqual([5, 0, 3]);
  await medium.play();
  await vi.advanceTimersByTimeAsync(1000);
  expect(medium.currentTime).toBeCloseTo(1);
  expect([file.currentTime, medium.paused, medium.ended]).toEqual([6, false, false]);
  await vi.advanceTimersByTimeAsync(5000);
  expect([medium.currentTime, medium.paused, medium.ended]).toEqual([3, true, true]);
  // Its last picture stands, not the one after it.
  expect(file.currentTime).toBeLessThan(8);
  expect(file.currentTime).toBeGreaterThan(7.99);
  expect(told).toEqual(["playing", "pause", "ended"]);
  const [[from, to] = []] = ranges(medium);
  expect(from).toBe(0);
  expect(Math.abs((to ?? 0) - 3)).toBeLessThan(0.05);
});

test("nobody can leave it, and playing again at its end begins at its beginning", async () => {
  const { file, medium } = cut(5, 8);
  medium.currentTime = -4;
  expect([file.currentTime, medium.currentTime]).toEqual([5, 0]);
  medium.currentTime = 99;
  expect([medium.currentTime, medium.ended]).toEqual([3, true]);
  expect(file.currentTime).toBeLessThan(8);
  await medium.play();
  expect([medium.currentTime, medium.ended]).toEqual([0, false]);
  medium.currentTime = 2.5;
  expect(file.currentTime).toBe(7.5);
});

test("without an end it goes to that of its file, and ends once", async () => {
  const { medium, told } = cut(18, null);
  expect(medium.duration).toBe(2);
  await medium.play();
  await vi.advanceTimersByTimeAsync(5000);
  expect(medium.ended).toBe(true);
  expect(told.filter((type) => type === "ended")).toEqual(["ended"]);
  // Nothing of it is left out.
  expect(ranges(medium)).toEqual([[0, 2]]);
});

test("what of the file is loaded and played is told in its own time", async () => {
  const { file, medium } = cut(5, 8);
  expect([medium.buffered.start(0), medium.buffered.end(0)]).toEqual([0, 3]);
  await file.play();
  await vi.advanceTimersByTimeAsync(500);
  medium.pause();
  expect(ranges(medium)).toEqual([[0, 0.5]]);
});

test("it lets go of its file", async () => {
  const { file, medium } = cut(5, 8);
  await medium.play();
  medium.dispose();
  file.dispose();
  expect(vi.getTimerCount()).toBe(0);
});
