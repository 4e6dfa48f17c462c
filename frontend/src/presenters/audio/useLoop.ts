import { useEffect, useRef, useState } from "react";
import type { JsonValue } from "../../api/types";
import type { Medium } from "../../desk/medium";
import type { PresenterProps } from "../define";
import { loopsTo, type Selection } from "./selection";

const SETTLED_MS = 250;

/** Seconds; 0 until it is known. */
export function useDuration(media: Medium | null): number {
  const [duration_s, setDuration] = useState(0);
  useEffect(() => {
    if (!media) return setDuration(0);
    const read = () => setDuration(Number.isFinite(media.duration) ? media.duration : 0);
    read();
    media.addEventListener("durationchange", read);
    return () => media.removeEventListener("durationchange", read);
  }, [media]);
  return duration_s;
}

/** Plays a stretch again and again while `selection` is one. */
export function useLoop(media: Medium | null, selection: Selection | null): void {
  useEffect(() => {
    if (!media || !selection) return;
    let frame = requestAnimationFrame(function follow() {
      const to = media.paused && !media.ended ? null : loopsTo(selection, media.currentTime);
      if (to !== null) {
        const over = media.ended;
        media.currentTime = to;
        if (over) void media.play().catch(() => undefined);
      }
      frame = requestAnimationFrame(follow);
    });
    return () => cancelAnimationFrame(frame);
  }, [media, selection]);
}

/** Which stretches were played in a loop, for the record. */
export function useLoopReport(looped: Selection | null, onView: PresenterProps["onView"]): void {
  const all = useRef<JsonValue[]>([]);
  useEffect(() => {
    if (!looped) return;
    // Once its ends stand still.
    const timer = setTimeout(() => {
      all.current = [...all.current, [looped.from_s, looped.to_s]];
      onView({ looped_s: all.current });
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [looped, onView]);
}
