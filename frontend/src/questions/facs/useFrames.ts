import type { Item } from "../../api/types";
import { type Rules, snapped } from "../parts/timeline";

const FALLBACK_RATE_HZ = 25;

/** Moves about in a video by its frames. */
export function useFrames(media: HTMLMediaElement | null, item: Item, replayFrames: number) {
  const frame_s = 1 / (item.frame_rate_hz ?? FALLBACK_RATE_HZ);
  const rules: Rules = {
    duration_s: item.duration_s ?? 0,
    step_s: null,
    minLength_s: 0,
    overlap: "any",
    most: null,
  };
  return {
    toggle: () => void (media?.paused ? media.play() : media?.pause()),
    step(frames: number) {
      if (!media) return;
      media.pause();
      media.currentTime = snapped(media.currentTime + frames * frame_s, rules);
    },
    again() {
      if (media) replay(media, replayFrames * frame_s);
    },
  };
}

/** Plays what leads up to here, and stops here again. */
function replay(media: HTMLMediaElement, length_s: number): void {
  const here_s = media.currentTime;
  const stop = () => {
    if (media.currentTime < here_s && !media.ended && !media.paused) return void requestAnimationFrame(stop);
    media.pause();
    media.currentTime = here_s;
  };
  media.currentTime = Math.max(here_s - length_s, 0);
  void media.play().then(stop, () => undefined);
}
