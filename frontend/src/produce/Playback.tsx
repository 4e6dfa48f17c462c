import { type SyntheticEvent, useState } from "react";
import { t, tn } from "../words/words";
import { SILENT } from "./level";
import type { Phase, Studio } from "./studio";

interface PlaybackProps {
  studio: Studio;
  phase: Extract<Phase, { name: "preview" }>;
}

/** A take as it would be handed in. */
export function Playback({ studio, phase }: PlaybackProps) {
  const { take, url, problem } = phase;
  const [busy, setBusy] = useState(false);
  const left = studio.retakesLeft;
  const usable = problem === null;
  const act = (step: () => Promise<void>) => {
    setBusy(true);
    void step();
  };
  const Player = take.mediaType.startsWith("video/") ? "video" : "audio";
  return (
    <div className="playback">
      <p role="status">{t("This is what you recorded. Look at it before you hand it in.")}</p>
      <Player
        src={url}
        controls
        playsInline
        aria-label={t("Your recording")}
        onLoadedMetadata={findDuration}
      />
      {take.state === "recording" ? (
        <p className="notice">{t("The recording was interrupted here.")}</p>
      ) : null}
      {take.peak < SILENT && usable ? (
        <p className="notice" role="alert">
          {t("No sound was recorded. Please check your microphone and record again.")}
        </p>
      ) : null}
      {problem ? (
        <p className="problem" role="alert">
          {problem}
        </p>
      ) : null}
      <div className="actions">
        <button
          type="button"
          className="primary"
          disabled={busy || !usable}
          onClick={() => act(() => studio.use(take))}
        >
          {t("Hand in this recording")}
        </button>
        <button
          type="button"
          disabled={busy || (usable && left === 0)}
          onClick={() => act(() => studio.again(usable))}
        >
          {t("Record again")}
        </button>
        {left === null || !usable ? null : (
          <span className="hint">
            {tn(left, "You can record {n} more time.", "You can record {n} more times.")}
          </span>
        )}
      </div>
    </div>
  );
}

/** Browsers write recordings without their length; going far beyond the end makes them find it. */
function findDuration({ currentTarget: media }: SyntheticEvent<HTMLMediaElement>): void {
  if (Number.isFinite(media.duration)) return;
  media.addEventListener(
    "durationchange",
    () => {
      media.currentTime = 0;
    },
    { once: true },
  );
  media.currentTime = Number.MAX_SAFE_INTEGER;
}
