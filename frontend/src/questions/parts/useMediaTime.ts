import { useEffect, useState } from "react";
import type { Medium } from "../../desk/medium";

const EVENTS = ["timeupdate", "seeking", "seeked", "loadedmetadata"] as const;

/** Where the medium stands, in seconds; follows each frame of the page while it plays. */
export function useMediaTime(media: Medium | null): number {
  const [at_s, setAt] = useState(0);
  useEffect(() => {
    if (!media) return;
    let frame = 0;
    const read = () => setAt(media.currentTime);
    const follow = () => {
      read();
      frame = media.paused ? 0 : requestAnimationFrame(follow);
    };
    for (const name of EVENTS) media.addEventListener(name, read);
    const begin = () => {
      if (frame === 0) follow();
    };
    media.addEventListener("playing", begin);
    begin();
    return () => {
      cancelAnimationFrame(frame);
      for (const name of EVENTS) media.removeEventListener(name, read);
      media.removeEventListener("playing", begin);
    };
  }, [media]);
  return at_s;
}
