import { useEffect, useMemo, useState } from "react";
import { DrawnMedium } from "../../desk/drawnmedium";
import { type Medium, wishSeek } from "../../desk/medium";
import { clamp } from "../../trace/padmap";
import { t } from "../../words/words";
import type { PresenterProps } from "../define";
import { Missing } from "../parts/Missing";
import { Lanes, type Pace, type Replay } from "./Lanes";
import { newestSample } from "./samples";
import { type Recording, useRecording } from "./useRecording";

type ShownProps = PresenterProps & { recording: Recording };

/** The recording runs under a play head at the pace at which it was recorded; its samples are the clock. */
function Replayed({ item, driven, onMedia, onView, recording }: ShownProps) {
  const [replay, setReplay] = useState<Replay | null>(null);
  const [medium, setMedium] = useState<Medium | null>(null);
  const { duration_s } = item;
  const onset_s = item.onset_s ?? 0;
  const rate_hz = Math.max(...recording.pyramid.channels.map((channel) => channel.rate_hz));

  useEffect(() => {
    if (!replay || duration_s === null) return;
    const made = new DrawnMedium(duration_s, (atS, refresh) =>
      replay.show(atS) ? { mediaS: newestSample(atS, rate_hz, onset_s), number: refresh } : null,
    );
    setMedium(made);
    onMedia(made);
    return () => {
      onMedia(null);
      made.dispose();
    };
  }, [replay, onset_s, duration_s, rate_hz, onMedia]);

  const pace = useMemo<Pace>(
    () => ({
      bound: driven,
      onReplay: setReplay,
      onPlace(at_s) {
        if (medium && driven) wishSeek(medium, at_s);
        else if (medium) medium.currentTime = clamp(at_s, 0, medium.duration);
      },
    }),
    [driven, medium],
  );
  return <Lanes item={item} recording={recording} pace={pace} onView={onView} />;
}

export function EegView(props: PresenterProps) {
  const recording = useRecording(props.item.media);
  if (recording === "failed") return <Missing what={t("The recording")} />;
  if (recording === "loading") return <p className="calm">{t("Loading the recording …")}</p>;
  if (props.driven || props.timed) return <Replayed {...props} recording={recording} />;
  return <Lanes item={props.item} recording={recording} pace={null} onView={props.onView} />;
}
