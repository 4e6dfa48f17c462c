import type { Item } from "../../api/types";
import type { Medium } from "../../desk/medium";
import { beginningsOf } from "../parts/pictures";
import { nudged, type Rules, snapped } from "../parts/timeline";

const FALLBACK_RATE_HZ = 25;

/** Moves about in a film, or in images in a row, by its frames. */
export function useFrames(media: Medium | null, item: Item, replayFrames: number) {
  const frame_s = 1 / (item.frame_rate_hz ?? FALLBACK_RATE_HZ);
  const marks_s = beginningsOf(item);
  const rules: Rules = {
    duration_s: item.duration_s ?? 0,
    step_s: null,
    ...(marks_s && { marks_s }),
    minLength_s: 0,
    overlap: "any",
    most: null,
  };
  const framesFrom = (at_s: number, frames: number) =>
    marks_s ? nudged(at_s, frames, rules) : snapped(at_s + frames * frame_s, rules);
  return {
    toggle: () => void (media?.paused ? media.play() : media?.pause()),
    step(frames: number) {
      if (!media) return;
      media.pause();
      media.currentTime = framesFrom(media.currentTime, frames);
    },
    seek(to_s: number) {
      if (!media) return;
      media.pause();
      media.currentTime = snapped(to_s, rules);
    },
    again() {
      if (media) replay(media, framesFrom(media.currentTime, -replayFrames));
    },
  };
}

/** Plays what leads up to here, and stops here again. */
function replay(media: Medium, from_s: number): void {
  const here_s = media.currentTime;
  const stop = () => {
    if (media.currentTime < here_s && !media.ended && !media.paused) return void requestAnimationFrame(stop);
    media.pause();
    media.currentTime = here_s;
  };
  media.currentTime = from_s;
  void media.play().then(stop, () => undefined);
}
