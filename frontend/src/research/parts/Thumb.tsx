import { useCallback } from "react";
import { type Surface, useCanvas } from "../../presenters/parts/useCanvas";
import { useJson } from "../../presenters/parts/useJson";
import { type Peaks, waveform } from "../../presenters/peaks";

function Waveform({ url }: { url: string }) {
  const peaks = useJson<Peaks>(url);
  const draw = useCallback(
    ({ context, width, height, colour }: Surface) => {
      context.clearRect(0, 0, width, height);
      if (peaks.state !== "ready") return;
      const columns = Math.max(1, Math.floor(width / 3));
      const shape = waveform(peaks.value, columns);
      context.fillStyle = colour("--wave");
      for (let column = 0; column < columns; column++) {
        const top = (1 - (shape[column * 2 + 1] ?? 0)) * (height / 2);
        const bottom = (1 - (shape[column * 2] ?? 0)) * (height / 2);
        context.fillRect(column * 3, top, 2, Math.max(1, bottom - top));
      }
    },
    [peaks],
  );
  return <canvas ref={useCanvas(draw)} className="thumb-wave" aria-hidden="true" />;
}

interface ThumbProps {
  kind: string;
  picture: string | null;
  peaks?: string | undefined;
  text?: string | null;
}

/** What an item looks like at a glance: its picture, its waveform or its words. */
export function Thumb({ kind, picture, peaks, text }: ThumbProps) {
  if (picture)
    return <img className={`thumb thumb-${kind}`} src={picture} alt="" loading="lazy" decoding="async" />;
  if (peaks)
    return (
      <div className="thumb thumb-audio">
        <Waveform url={peaks} />
      </div>
    );
  if (text) return <blockquote className="thumb thumb-text">{text}</blockquote>;
  return <div className="thumb thumb-none">{kind}</div>;
}
