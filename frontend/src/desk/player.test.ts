import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TraceRecorder } from "../trace/recorder";
import { TimedMedium } from "./medium";
import { Player, type PlayRules } from "./player";

class Page extends EventTarget {
  hidden = false;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "setInterval", "clearInterval"] });
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
  const kinds = () => recorder.log.drain().map((text) => (JSON.parse(text) as [number, string])[1]);
  return { clip, player, ended, kinds, phase: () => player.playback.get().phase };
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

test("a second pass over the same medium begins at its beginning", async () => {
  const { clip, player } = await started(FREE);
  await vi.advanceTimersByTimeAsync(20_000);
  player.dispose();
  const again = new Player(clip, new TraceRecorder([0], 0), 0, FREE, () => undefined);
  expect([clip.currentTime, again.playback.get().phase]).toEqual([0, "ready"]);
});
