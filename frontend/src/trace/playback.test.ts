import { expect, test } from "vitest";
import { type Playback, type PlaybackEvent, playbackStep } from "./playback";

const after = (...events: PlaybackEvent[]): Playback =>
  events.reduce<Playback>((state, event) => playbackStep(state, event), { phase: "loading" });

const LOADED: PlaybackEvent = { type: "loaded", resumed: false };
const GO: PlaybackEvent = { type: "go" };
const PLAYING: PlaybackEvent = { type: "playing" };

test("starts only when loaded, after a run-in of three seconds", () => {
  expect(after(GO).phase).toBe("loading");
  expect(after(LOADED, GO)).toEqual({ phase: "countdown", left: 3 });
  const second: PlaybackEvent = { type: "second" };
  expect(after(LOADED, GO, second, second, second, second)).toEqual({ phase: "countdown", left: 0 });
  expect(after(LOADED, GO, PLAYING).phase).toBe("playing");
});

test("a hidden tab pauses and asks to continue with a new run-in", () => {
  const hidden: PlaybackEvent = { type: "halt", why: "hidden" };
  expect(after(LOADED, GO, PLAYING, hidden)).toEqual({ phase: "paused", why: "hidden" });
  expect(after(LOADED, GO, PLAYING, hidden, PLAYING).phase).toBe("paused");
  expect(after(LOADED, GO, PLAYING, hidden, GO).phase).toBe("countdown");
});

test("a stall goes on by itself, the end is the end", () => {
  expect(after(LOADED, GO, PLAYING, { type: "waiting" }).phase).toBe("stalled");
  expect(after(LOADED, GO, PLAYING, { type: "waiting" }, PLAYING).phase).toBe("playing");
  expect(after(LOADED, GO, PLAYING, { type: "ended" }, GO, PLAYING).phase).toBe("ended");
});

test("a reloaded page waits for the rater", () => {
  expect(after({ type: "loaded", resumed: true })).toEqual({ phase: "paused", why: "reload" });
});
