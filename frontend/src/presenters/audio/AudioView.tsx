import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { MediaFile } from "../../api/types";
import { later } from "../../words/Later";
import { t } from "../../words/words";
import type { PresenterProps } from "../define";
import { MediaLoading } from "../parts/MediaLoading";
import { Missing } from "../parts/Missing";
import { type Surface, useCanvas } from "../parts/useCanvas";
import { useJson } from "../parts/useJson";
import { useMediaSource } from "../parts/useMediaSource";
import { beginningAt, isStretch, useMedium } from "../parts/useMedium";
import { cut, type Peaks, waveform } from "../peaks";
import { Selecting } from "./Selecting";
import "./audio.css";

const PlayBar = later(() => import("../parts/PlayBar").then(({ PlayBar }) => PlayBar));

const COLUMN_PX = 3;

function Waveform({ url, item: { onset_s, offset_s } }: Pick<PresenterProps, "item"> & { url: string }) {
  const peaks = useJson<Peaks>(url);
  const own = useMemo(
    () => (peaks.state === "ready" ? cut(peaks.value, onset_s ?? 0, offset_s) : null),
    [peaks, onset_s, offset_s],
  );
  const draw = useCallback(
    ({ context, width, height, colour }: Surface) => {
      context.clearRect(0, 0, width, height);
      if (!own) return;
      const columns = Math.max(1, Math.floor(width / COLUMN_PX));
      const shape = waveform(own, columns);
      context.fillStyle = colour("--wave");
      for (let column = 0; column < columns; column++) {
        const top = (1 - (shape[column * 2 + 1] ?? 0)) * (height / 2);
        const bottom = (1 - (shape[column * 2] ?? 0)) * (height / 2);
        context.fillRect(column * COLUMN_PX, top, COLUMN_PX - 1, Math.max(1, bottom - top));
      }
    },
    [own],
  );
  return <canvas ref={useCanvas(draw)} className="wave" aria-hidden="true" />;
}

function Recording({ item, driven, onMedia, onView, proxy }: PresenterProps & { proxy: MediaFile }) {
  const [failed, setFailed] = useState(false);
  const [source, fallBack] = useMediaSource(proxy.url, driven);
  const { medium, take } = useMedium<HTMLAudioElement>(item, onMedia, () => setFailed(true));
  const stretch = isStretch(item);
  const cursor = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!medium) return;
    let frame = requestAnimationFrame(function follow() {
      const part = medium.duration > 0 ? medium.currentTime / medium.duration : 0;
      if (cursor.current) cursor.current.style.left = `${part * 100}%`;
      frame = requestAnimationFrame(follow);
    });
    return () => cancelAnimationFrame(frame);
  }, [medium]);

  const { peaks } = item.media;
  if (failed) return <Missing what={t("The recording")} />;
  const picture = (
    <>
      {peaks ? <Waveform url={peaks.url} item={item} /> : null}
      <div className="wave-cursor" ref={cursor} />
    </>
  );
  return (
    <div className="audio">
      {driven ? (
        <div className="wave-frame">{picture}</div>
      ) : (
        <Selecting media={medium} onView={onView}>
          {picture}
        </Selecting>
      )}
      {source.state === "loading" ? (
        <MediaLoading part={source.part} poster={undefined} />
      ) : (
        // biome-ignore lint/a11y/useMediaCaption: raters judge the sound as it is.
        <audio
          ref={take}
          src={beginningAt(source.src, item)}
          controls={!driven && !stretch}
          controlsList="nodownload noplaybackrate"
          aria-label={t("The recording to rate")}
          preload="auto"
          onError={() => setFailed(!fallBack())}
        />
      )}
      {medium && stretch && !driven ? <PlayBar medium={medium} name={t("Place in the sound")} /> : null}
    </div>
  );
}

export function AudioView(props: PresenterProps) {
  const { proxy } = props.item.media;
  return proxy ? <Recording {...props} proxy={proxy} /> : <Missing what={t("The recording")} />;
}
