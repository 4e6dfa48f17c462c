import { useEffect, useRef, useState } from "react";
import type { TimedMedium } from "../../desk/medium";
import { clockText } from "../../desk/Transport";
import { t } from "../../words/words";
import "./playbar.css";

/** What a film's own controls are, for what the page itself plays. */
export function PlayBar({ medium }: { medium: TimedMedium }) {
  const place = useRef<HTMLInputElement>(null);
  const [playing, setPlaying] = useState(false);
  const [second, setSecond] = useState(0);

  useEffect(() => {
    let frame = requestAnimationFrame(function follow() {
      setPlaying(medium.playing);
      setSecond(Math.floor(medium.currentTime));
      if (place.current) place.current.value = String(medium.currentTime);
      frame = requestAnimationFrame(follow);
    });
    return () => cancelAnimationFrame(frame);
  }, [medium]);

  const toggle = () => {
    if (medium.playing) return medium.pause();
    if (medium.ended) medium.currentTime = 0;
    void medium.play();
  };
  return (
    <div className="play-bar">
      <button type="button" className="quiet" onClick={toggle}>
        {playing ? t("Pause") : t("Play")}
      </button>
      <input
        ref={place}
        type="range"
        min={0}
        max={medium.duration}
        step="any"
        defaultValue={0}
        aria-label={t("Place in the sequence")}
        aria-valuetext={clockText(second)}
        onChange={(event) => {
          medium.currentTime = Number(event.currentTarget.value);
        }}
      />
      <span className="hint">
        {clockText(second)} / {clockText(medium.duration)}
      </span>
    </div>
  );
}
