import type { Medium } from "./medium";

const ENOUGH_AHEAD_S = 10;
/** What is left at the end and need not be there to begin. */
const TAIL_S = 0.2;
const LEAST_S = 0.1;
const HAVE_CURRENT_DATA = 2;
const HAVE_ENOUGH_DATA = 4;

/** Loaded part of what is needed from here on, 0..1, and whether it is enough to play. */
export function readiness(media: Medium): { part: number; ready: boolean } {
  const { readyState, currentTime, duration } = media;
  const leftS = Number.isFinite(duration) ? duration - currentTime - TAIL_S : -TAIL_S;
  const needed = Math.min(ENOUGH_AHEAD_S, Math.max(LEAST_S, leftS));
  const ahead = loadedAhead(media);
  const enough = ahead >= needed || readyState >= HAVE_ENOUGH_DATA;
  return {
    part: enough ? 1 : Math.min(1, ahead / needed),
    ready: enough && readyState >= HAVE_CURRENT_DATA,
  };
}

function loadedAhead({ buffered, currentTime }: Medium): number {
  for (let i = 0; i < buffered.length; i++) {
    if (buffered.start(i) <= currentTime + LEAST_S && buffered.end(i) > currentTime)
      return buffered.end(i) - currentTime;
  }
  return 0;
}
