import { type PointerEvent, type ReactNode, type RefObject, useRef } from "react";
import { t } from "../../words/words";
import { clockText, shownPart } from "./timeline";
import "./playhead.css";

interface PlayheadProps {
  at_s: number;
  duration_s: number;
  zoom: number;
  onSeek(at_s: number): void;
  /** What stands on the lane, placed with `left` and `width` in parts of the whole medium. */
  children: ReactNode;
}

/** A lane as long as the medium, with the place that is shown; a slider for the keyboard and for screen readers. */
export function Playhead({ at_s, duration_s, zoom, onSeek, children }: PlayheadProps) {
  const lane = useRef<HTMLDivElement>(null);
  const part = shownPart(zoom, at_s, duration_s);
  const seek = (event: PointerEvent) => {
    if (event.buttons === 1) onSeek(timeAt(lane, event.clientX, part.from_s, part.length_s));
  };
  return (
    <div className="lane" dir="ltr" ref={lane} onPointerDown={seek} onPointerMove={seek}>
      <div
        className="lane-whole"
        style={{
          width: `${(100 * duration_s) / part.length_s}%`,
          left: `${(-100 * part.from_s) / part.length_s}%`,
        }}
      >
        {children}
        <div
          className="lane-playhead"
          role="slider"
          tabIndex={0}
          aria-label={t("Place in the recording")}
          aria-valuemin={0}
          aria-valuemax={duration_s}
          aria-valuenow={Number(at_s.toFixed(3))}
          aria-valuetext={clockText(at_s)}
          style={{ left: `${(100 * Math.min(at_s, duration_s)) / duration_s}%` }}
        />
      </div>
    </div>
  );
}

function timeAt(lane: RefObject<HTMLDivElement | null>, x: number, from_s: number, length_s: number): number {
  const box = lane.current?.getBoundingClientRect();
  return box ? from_s + ((x - box.left) / box.width) * length_s : from_s;
}
