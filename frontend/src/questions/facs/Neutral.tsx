import { t } from "../../words/words";
import { clockText } from "../parts/timeline";
import type { NeutralFrame } from "./frame";

/** The face at rest, to compare with; `at_s` as the rater's clock tells it. */
export function Neutral({ frame, at_s }: { frame: NeutralFrame; at_s: number }) {
  return (
    <figure className="facs-neutral">
      {"picture" in frame ? (
        <img src={frame.picture} alt="" />
      ) : (
        <video
          src={frame.film}
          muted
          playsInline
          preload="auto"
          tabIndex={-1}
          onLoadedMetadata={(event) => {
            event.currentTarget.currentTime = frame.at_s;
          }}
        />
      )}
      <figcaption>{t("Neutral frame, at {time}", { time: clockText(at_s) })}</figcaption>
    </figure>
  );
}
