import { useEffect, useMemo, useRef, useState } from "react";
import type { Item } from "../../api/types";
import { DrawnMedium } from "../../desk/drawnmedium";
import { t } from "../../words/words";
import type { PresenterProps } from "../define";
import { MediaLoading } from "../parts/MediaLoading";
import { Missing } from "../parts/Missing";
import { PlayBar } from "../parts/PlayBar";
import { loadPictures } from "./pictures";
import { dueAt, placeIn } from "./schedule";

interface Timed {
  onsetsS: readonly number[];
  urls: readonly string[];
}

/** Null where a picture or its time is missing: the others would be shown at wrong times. */
function timedParts(item: Item): Timed | null {
  const parts = [...item.parts].sort((a, b) => (a.onset_s ?? 0) - (b.onset_s ?? 0));
  const onsetsS = parts.flatMap(({ onset_s }) => onset_s ?? []);
  const urls = parts.flatMap((part) => part.item.media.proxy?.url ?? []);
  const whole = onsetsS.length === parts.length && urls.length === parts.length;
  return whole && parts.length > 0 ? { onsetsS, urls } : null;
}

type Loading =
  | { state: "loading"; part: number }
  | { state: "ready"; pictures: readonly ImageBitmap[] }
  | { state: "failed" };

/** All pictures, decoded: none may come late while they are rated. */
function usePictures(urls: readonly string[]): Loading {
  const [loading, setLoading] = useState<Loading>({ state: "loading", part: 0 });
  useEffect(() => {
    const stop = new AbortController();
    let held: readonly ImageBitmap[] = [];
    const close = () => {
      for (const picture of held) picture.close();
    };
    loadPictures(urls, stop.signal, (part) => {
      if (!stop.signal.aborted) setLoading({ state: "loading", part: Math.floor(part * 100) / 100 });
    })
      .then((pictures) => {
        held = pictures;
        if (stop.signal.aborted) close();
        else setLoading({ state: "ready", pictures });
      })
      .catch(() => {
        if (!stop.signal.aborted) setLoading({ state: "failed" });
      });
    return () => {
      stop.abort();
      close();
    };
  }, [urls]);
  return loading;
}

interface ShowProps extends PresenterProps {
  durationS: number;
  onsetsS: readonly number[];
  pictures: readonly ImageBitmap[];
}

function Show({ durationS, onsetsS, pictures, driven, onMedia, onView }: ShowProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [medium, setMedium] = useState<DrawnMedium | null>(null);
  const frame = useMemo(
    () => ({
      width: Math.max(...pictures.map(({ width }) => width)),
      height: Math.max(...pictures.map(({ height }) => height)),
    }),
    [pictures],
  );

  useEffect(() => onView({ picture_px: [frame.width, frame.height] }), [onView, frame]);

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    let shown = -1;
    const made = new DrawnMedium(durationS, (atS) => {
      const due = dueAt(onsetsS, atS);
      const picture = pictures[due];
      if (due === shown || !picture) return null;
      shown = due;
      context.clearRect(0, 0, frame.width, frame.height);
      context.drawImage(picture, ...placeIn(frame, picture));
      return { mediaS: onsetsS[due] as number, number: due + 1 };
    });
    setMedium(made);
    onMedia(made);
    return () => {
      onMedia(null);
      setMedium(null);
      made.dispose();
    };
  }, [durationS, onsetsS, pictures, frame, onMedia]);

  return (
    <>
      <canvas
        ref={canvas}
        className="medium"
        width={frame.width}
        height={frame.height}
        role="img"
        aria-label={t("The pictures to rate")}
      />
      {medium && !driven ? <PlayBar medium={medium} name={t("Place in the sequence")} /> : null}
    </>
  );
}

function Sequence({ urls, ...props }: PresenterProps & Timed & { durationS: number }) {
  const loading = usePictures(urls);
  if (loading.state === "failed") return <Missing what={t("The pictures")} />;
  if (loading.state === "loading") return <MediaLoading part={loading.part} poster={undefined} />;
  return <Show {...props} pictures={loading.pictures} />;
}

/** Images one after another, each at its time. */
export function SequenceView(props: PresenterProps) {
  const { item } = props;
  const timed = useMemo(() => timedParts(item), [item]);
  if (!timed || item.duration_s === null) return <Missing what={t("The pictures")} />;
  return <Sequence {...props} {...timed} durationS={item.duration_s} />;
}
