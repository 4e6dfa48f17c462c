import { useState } from "react";
import type { Medium } from "../../desk/medium";
import { MOST_ZOOM, type Transporting } from "./Transport";
import { nudged, type Rules, snapped } from "./timeline";
import type { KeyActions } from "./useKeys";
import { useMediaTime } from "./useMediaTime";

interface Transport extends Transporting {
  seek(at_s: number): void;
  /** The place that can be marked, where the medium stands. */
  here_s: number;
  /** Keys for moving about; they are for the lane and for all buttons beside it. */
  keys: KeyActions;
}

/** Moves about in a medium by the places that can be marked. */
export function useTransport(media: Medium | null, rules: Rules): Transport {
  const at_s = useMediaTime(media);
  const [zoom, setZoom] = useState(0);
  const here_s = snapped(at_s, rules);
  const seek = (to_s: number) => {
    if (!media) return;
    media.pause();
    media.currentTime = snapped(to_s, rules);
  };
  const toggle = () => void (media?.paused ? media.play().catch(() => undefined) : media?.pause());
  const step = (steps: number) => seek(nudged(here_s, steps, rules));
  const closer = () => setZoom(Math.min(zoom + 1, MOST_ZOOM));
  const keys: KeyActions = {
    k: toggle,
    ",": () => step(-1),
    ".": () => step(1),
    j: () => seek(here_s - 1),
    l: () => seek(here_s + 1),
    Home: () => seek(0),
    End: () => seek(rules.duration_s),
    "+": closer,
    "=": closer,
    "-": () => setZoom(Math.max(zoom - 1, 0)),
  };
  return { at_s, here_s, playing: media !== null && !media.paused, zoom, setZoom, seek, toggle, step, keys };
}
