import { t } from "../../words/words";
import { clockText } from "../parts/timeline";

/** The face at rest, to compare with. */
export function Neutral({ src, at_s }: { src: string; at_s: number }) {
  return (
    <figure className="facs-neutral">
      <video
        src={src}
        muted
        playsInline
        preload="auto"
        tabIndex={-1}
        onLoadedMetadata={(event) => {
          event.currentTarget.currentTime = at_s;
        }}
      />
      <figcaption>{t("Neutral frame, at {time}", { time: clockText(at_s) })}</figcaption>
    </figure>
  );
}
