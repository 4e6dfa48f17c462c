import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TraceRecorder } from "../trace/recorder";
import { TimedMedium, wishSeek } from "./medium";
import { Player, type PlayRules } from "./player";

type Event5 = [seq: number, kind: string, atUs: number, mediaUs: number, value: number[], raw: unknown];

class Page extends EventTarget {
  hidden = false;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "setInterval", "clearInterval", "Date"] });
  vi.stubGlobal("document", new Page());
  vi.stubGlobal("HTMLMediaElement", { HAVE_METADATA: 1, HAVE_CURRENT_DATA: 2, HAVE_ENOUGH_DATA: 4 });
  vi.stubGlobal("HTMLVideoElement", class {});
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const FREE: PlayRules = { pause: true, rewind: true, sound: true };

async function started(rules: PlayRules) {
  const clip = new TimedMedium(20);
  const recorder = new TraceRecorder([0], 0);
  const ended = vi.fn();
  const player = new Player(clip, recorder, 0, rules, ended);
  player.toggle();
  await vi.advanceTimersByTimeAsync(4000);
  const events = () => recorder.log.drain().map((text) => JSON.parse(text) as Event5);
  const kinds = () => events().map(([, kind]) => kind);
  return { clip, player, ended, events, kinds, phase: () => player.playback.get().phase };
}

test("a run-in, then the medium plays to its end once", async () => {
  const { clip, ended, kinds, phase } = await started(FREE);
  expect([phase(), clip.playing]).toEqual(["playing", true]);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(phase()).toBe("ended");
  expect(ended).toHaveBeenCalledOnce();
  expect(kinds()).toEqual(["play", "heartbeat"]);
});

test("no pause and no way back where the protocol forbids them, and no sound", async () => {
  const { clip, player, phase } = await started({ pause: false, rewind: false, sound: false });
  player.toggle();
  player.rewind();
  expect([phase(), clip.playing, clip.muted]).toEqual(["playing", true, true]);
  // A hidden page pauses whatever the protocol says: nobody watches.
  (document as unknown as Page).hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  expect([phase(), clip.playing]).toEqual(["paused", false]);
});

test("a speed that something else has set is set back, and the log says so", async () => {
  const { clip, events } = await started(FREE);
  clip.playbackRate = 2;
  clip.dispatchEvent(new Event("ratechange"));
  expect(clip.playbackRate).toBe(1);
  clip.dispatchEvent(new Event("ratechange"));
  const [, ...rest] = events();
  expect(rest.map(([, kind, , , , note]) => [kind, note])).toEqual([["lock_lost", { why: "rate", rate: 2 }]]);
});

/** As the browser's own controls do: they move the medium and ask nobody. */
function moveFromOutside(clip: TimedMedium, toS: number): void {
  clip.currentTime = toS;
  clip.dispatchEvent(new Event("seeking"));
}

test("where the rater may not go back, what something else has moved is put back, and the log says so", async () => {
  const { clip, player, events, phase } = await started({ ...FREE, rewind: false });
  await vi.advanceTimersByTimeAsync(5000);
  const stood = clip.currentTime;
  for (const toS of [15, 1]) {
    moveFromOutside(clip, toS);
    expect(clip.currentTime).toBeCloseTo(stood, 1);
    expect(player.playback.get()).toEqual({ phase: "paused", why: "moved" });
  }
  player.toggle();
  await vi.advanceTimersByTimeAsync(4000);
  expect(phase()).toBe("playing");
  const [, ...rest] = events();
  expect(rest.map(([, kind, , , , note]) => [kind, note])).toEqual([
    ["lock_lost", { why: "seek", to_us: 15_000_000 }],
    ["pause", { why: "moved" }],
    ["lock_lost", { why: "seek", to_us: 1_000_000 }],
    ["play", null],
  ]);
});

test("where the rater may go back, the browser's own controls can, too, and the log names them", async () => {
  const { clip, player, events, phase } = await started(FREE);
  await vi.advanceTimersByTimeAsync(5000);
  moveFromOutside(clip, 2);
  expect([phase(), clip.currentTime, player.tally.rewinds]).toEqual(["paused", 2, 1]);
  const [, seek] = events();
  expect(seek?.slice(1)).toEqual([
    "seek",
    expect.anything(),
    2_000_000,
    [0],
    { to_us: 2_000_000, why: "controls" },
  ]);
  moveFromOutside(clip, 12);
  expect(clip.currentTime).toBe(2);
});

test("a medium that is moved before the start begins at its beginning", async () => {
  const clip = new TimedMedium(20);
  const player = new Player(clip, new TraceRecorder([0], 0), 0, FREE, () => undefined);
  moveFromOutside(clip, 7);
  expect([clip.currentTime, player.playback.get().phase]).toEqual([0, "ready"]);
});

test("back by five seconds: the log says so, and the rater goes on by hand", async () => {
  const { clip, player, kinds, phase } = await started(FREE);
  await vi.advanceTimersByTimeAsync(7000);
  const before = clip.currentTime;
  player.rewind();
  expect(clip.currentTime).toBeCloseTo(before - 5);
  expect(phase()).toBe("paused");
  player.toggle();
  await vi.advanceTimersByTimeAsync(4000);
  expect(phase()).toBe("playing");
  expect(kinds()).toEqual(["play", "seek", "play"]);
  expect(player.tally.rewinds).toBe(1);
});

test("a wish to go elsewhere is granted backwards only, and only where the protocol allows it", async () => {
  const { clip, kinds, phase } = await started(FREE);
  await vi.advanceTimersByTimeAsync(7000);
  wishSeek(clip, 15);
  expect([phase(), clip.playing]).toEqual(["playing", true]);
  wishSeek(clip, 2.5);
  expect([phase(), clip.playing, clip.currentTime]).toEqual(["paused", false, 2.5]);
  expect(kinds()).toEqual(["play", "seek"]);
  const bound = await started({ ...FREE, rewind: false });
  await vi.advanceTimersByTimeAsync(3000);
  wishSeek(bound.clip, 1);
  expect(bound.phase()).toBe("playing");
});

test("a second pass over the same medium begins at its beginning", async () => {
  const { clip, player } = await started(FREE);
  await vi.advanceTimersByTimeAsync(20_000);
  player.dispose();
  const again = new Player(clip, new TraceRecorder([0], 0), 0, FREE, () => undefined);
  expect([clip.currentTime, again.playback.get().phase]).toEqual([0, "ready"]);
});

const SLEPT = { why: "asleep", silent_ms: 60_200 };

test("a machine that slept: the wall clock has jumped over the performance clock", async () => {
  const { clip, player, events, phase } = await started(FREE);
  await vi.advanceTimersByTimeAsync(2000);
  const before = clip.currentTime;
  vi.setSystemTime(Date.now() + 60_000);
  await vi.advanceTimersByTimeAsync(200);
  expect(player.playback.get()).toEqual({ phase: "paused", why: "asleep" });
  expect(clip.playing).toBe(false);
  // Nothing goes on by itself; the rater does it.
  await vi.advanceTimersByTimeAsync(10_000);
  expect(clip.currentTime).toBeCloseTo(before + 0.2);
  player.toggle();
  await vi.advanceTimersByTimeAsync(4000);
  expect(phase()).toBe("playing");
  const [, stall, pause, play] = events();
  expect([stall?.[1], stall?.[5]]).toEqual(["stall", SLEPT]);
  expect([pause?.[1], pause?.[5]]).toEqual(["pause", { why: "asleep" }]);
  // A hair before what was shown: a seek to the very place would be left out by the browser.
  expect([stall?.[3], pause?.[3], play?.[3]]).toEqual(
    Array(3).fill(Math.round(clip.played.end(0) * 1e6) - 1000),
  );
  expect(player.tally.asleep).toBe(1);
});

test("a page that was frozen while both clocks ran", async () => {
  const { player, kinds } = await started(FREE);
  await vi.advanceTimersByTimeAsync(1000);
  const running = performance.now.bind(performance);
  vi.spyOn(performance, "now").mockImplementation(() => running() + 5000);
  // A heartbeat may come before the player's own timer does.
  player.checkAwake();
  expect(player.playback.get()).toEqual({ phase: "paused", why: "asleep" });
  expect(kinds()).toEqual(["play", "stall", "pause"]);
});

test("a stutter of a slow machine is written down and stops nothing", async () => {
  const { clip, player, events } = await started(FREE);
  await vi.advanceTimersByTimeAsync(1000);
  const running = performance.now.bind(performance);
  vi.spyOn(performance, "now").mockImplementation(() => running() + 1500);
  player.checkAwake();
  expect(clip.playing).toBe(true);
  const [, stall] = events();
  expect([stall?.[1], stall?.[5]]).toEqual(["stall", { why: "busy", silent_ms: 1500 }]);
});

test("sleep through the run-in begins nothing; sleep through a pause is none of the trace's business", async () => {
  const { clip, player, kinds } = await started(FREE);
  player.pause("rater");
  vi.setSystemTime(Date.now() + 60_000);
  await vi.advanceTimersByTimeAsync(1000);
  expect(player.playback.get()).toEqual({ phase: "paused", why: "rater" });
  player.toggle();
  await vi.advanceTimersByTimeAsync(1000);
  vi.setSystemTime(Date.now() + 60_000);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(player.playback.get()).toEqual({ phase: "paused", why: "asleep" });
  expect(clip.playing).toBe(false);
  expect(kinds()).toEqual(["play", "pause", "stall", "pause"]);
});
