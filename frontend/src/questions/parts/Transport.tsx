import { t } from "../../words/words";
import { clockText } from "./timeline";

export interface Transporting {
  at_s: number;
  playing: boolean;
  zoom: number;
  toggle(): void;
  step(steps: number): void;
  setZoom(zoom: number): void;
}

export const MOST_ZOOM = 6;

/** Play, step and zoom, for all who do not use the keys. */
export function Transport({ at_s, playing, zoom, toggle, step, setZoom }: Transporting) {
  return (
    <div className="transport">
      <button type="button" onClick={toggle}>
        {playing ? t("Pause") : t("Play")}
      </button>
      <button type="button" aria-label={t("One step back")} onClick={() => step(-1)}>
        ◂
      </button>
      <span className="clock">{clockText(at_s)}</span>
      <button type="button" aria-label={t("One step on")} onClick={() => step(1)}>
        ▸
      </button>
      <button
        type="button"
        aria-label={t("Show less of the timeline at once")}
        disabled={zoom >= MOST_ZOOM}
        onClick={() => setZoom(zoom + 1)}
      >
        +
      </button>
      <button
        type="button"
        aria-label={t("Show more of the timeline at once")}
        disabled={zoom === 0}
        onClick={() => setZoom(zoom - 1)}
      >
        −
      </button>
    </div>
  );
}
