import { useEffect } from "react";
import { type Medium, TimedMedium } from "../../desk/medium";

/**
 * Lets a still item be played like a film of `durationS`; null: it is not played. `onPart` hears each frame which
 * part of it is over, 0..1, and must not change between renderings.
 */
export function useTimedMedium(
  durationS: number | null,
  onMedia: (media: Medium | null) => void,
  onPart?: (part: number) => void,
): void {
  useEffect(() => {
    if (durationS === null) return;
    const medium = new TimedMedium(durationS);
    onMedia(medium);
    let frame = 0;
    const follow = () => {
      onPart?.(medium.currentTime / durationS);
      frame = requestAnimationFrame(follow);
    };
    if (onPart) follow();
    return () => {
      cancelAnimationFrame(frame);
      onMedia(null);
      medium.dispose();
    };
  }, [durationS, onMedia, onPart]);
}
