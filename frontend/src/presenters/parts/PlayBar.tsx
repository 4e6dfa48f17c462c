import { useEffect, useRef, useState } from "react";
import type { Medium } from "../../desk/medium";
import { clockText } from "../../desk/Transport";
import { t } from "../../words/words";
import "./playbar.css";

interface PlayBarProps {
  medium: Medium;
  /** Of the slider, for screen readers. */
  name: string;
}

/** What a film's own controls are, for what the page itself plays, and for a stretch of a film. */
export function PlayBar({ medium, name }: PlayBarProps) {
  const place = useRef<HTMLInputElement>(null);
  const [playing, setPlaying] = useState(false);
  const [second, setSecond] = useState(0);
  // Of a film it is not known at once.
  const [length_s, setLength] = useState(0);

  useEffect(() => {
    let frame = requestAnimationFrame(function follow() {
      setPlaying(!medium.paused);
      setLength(medium.duration || 0);
      setSecond(Math.floor(medium.currentTime));
      if (place.current) place.current.value = String(medium.currentTime);
      frame = requestAnimationFrame(follow);
    });
    return () => cancelAnimationFrame(frame);
  }, [medium]);

  const toggle = () => (medium.paused ? void medium.play().catch(() => undefined) : medium.pause());
  return (
    <div className="play-bar">
      <button type="button" className="quiet" onClick={toggle}>
        {playing ? t("Pause") : t("Play")}
      </button>
      <input
        ref={place}
        type="range"
        min={0}
        max={length_s}
        step="any"
        defaultValue={0}
        aria-label={name}
        aria-valuetext={clockText(second)}
        onChange={(event) => {
          medium.currentTime = Number(event.currentTarget.value);
        }}
      />
      <span className="hint">
        {clockText(second)} / {clockText(length_s)}
      </span>
    </div>
  );
}
