import type { ReactNode, Ref } from "react";
import { t } from "../../words/words";
import "../../desk/axis.css";

interface TrackProps {
  name: string;
  lowLabel: string;
  highLabel: string;
  along: "vertical" | "horizontal";
  /** A field as wide as the past that scrolls in it, instead of a narrow track. */
  wide: boolean;
  track: Ref<HTMLDivElement>;
  cover: ReactNode;
}

/** One dimension with its anchors. Never mirrored. */
export function Track({ name, lowLabel, highLabel, along, wide, track, cover }: TrackProps) {
  const label = t("Rating field: {name}, from {low} to {high}", { name, low: lowLabel, high: highLabel });
  const width = wide ? " wide" : "";
  return (
    <div className={`track-frame ${along}${width}`} dir="ltr">
      <span className="axis track-high" dir="auto">
        {highLabel}
      </span>
      <div className="track-field">
        <div
          className="track"
          ref={track}
          role="application"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the slider is moved with the keys.
          tabIndex={0}
          aria-label={label}
        >
          <canvas aria-hidden="true" />
        </div>
        {cover}
      </div>
      <span className="axis track-low" dir="auto">
        {lowLabel}
      </span>
    </div>
  );
}
