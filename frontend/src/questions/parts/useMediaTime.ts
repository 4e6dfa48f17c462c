import { useEffect, useState } from "react";

const EVENTS = ["timeupdate", "seeking", "seeked", "loadedmetadata"] as const;

/** Where the medium stands, in seconds; follows each frame of the page while it plays. */
export function useMediaTime(media: HTMLMediaElement | null): number {
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
    media.addEventListener("play", follow);
    follow();
    return () => {
      cancelAnimationFrame(frame);
      for (const name of EVENTS) media.removeEventListener(name, read);
      media.removeEventListener("play", follow);
    };
  }, [media]);
  return at_s;
}
