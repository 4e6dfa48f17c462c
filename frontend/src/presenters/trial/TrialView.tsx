import { useCallback, useEffect, useMemo, useState } from "react";
import type { Item, Part } from "../../api/types";
import { type Medium, wishSeek } from "../../desk/medium";
import { clamp } from "../../trace/padmap";
import { t } from "../../words/words";
import type { PresenterProps } from "../define";
import { Lanes, type Pace, type Replay } from "../eeg/Lanes";
import { useRecording } from "../eeg/useRecording";
import { Missing } from "../parts/Missing";
import { presenterFor } from "../registry";
import "./trial.css";

const nothing = (): void => undefined;

const asItem = (part: Part, whole: Item): Item => ({
  ...part.item,
  target: whole.target,
  parts: [],
  samples: null,
  frames_s: [],
});

interface Parts {
  recording: Part;
  stimulus: Part;
}

function partsOf(item: Item): Parts | null {
  const recording = item.parts.find((part) => part.item.kind === "eeg");
  const stimulus = item.parts.find((part) => part !== recording);
  return recording && stimulus ? { recording, stimulus } : null;
}

interface BesideProps extends Pick<PresenterProps, "driven" | "onView"> {
  part: Part;
  medium: Medium | null;
}

/** The recording, which goes where the stimulus goes. */
function Beside({ part, medium, driven, onView }: BesideProps) {
  const recording = useRecording(part.item.media);
  const [replay, setReplay] = useState<Replay | null>(null);
  // Seconds of the recording that were over when the stimulus began.
  const ahead_s = -(part.onset_s ?? 0);

  useEffect(() => {
    if (!medium || !replay) return;
    let frame = requestAnimationFrame(function follow() {
      replay.show(medium.currentTime + ahead_s);
      frame = requestAnimationFrame(follow);
    });
    return () => cancelAnimationFrame(frame);
  }, [medium, replay, ahead_s]);

  const pace = useMemo<Pace>(
    () => ({
      bound: driven,
      onReplay: setReplay,
      onPlace(at_s) {
        if (!medium) return;
        const to = clamp(at_s - ahead_s, 0, medium.duration || 0);
        if (driven) wishSeek(medium, to);
        else medium.currentTime = to;
      },
    }),
    [driven, medium, ahead_s],
  );
  if (recording === "failed") return <Missing what={t("The recording")} />;
  if (recording === "loading") return <p className="calm">{t("Loading the recording …")}</p>;
  return <Lanes item={part.item} recording={recording} pace={pace} onView={onView} />;
}

/** A recording beside what was played to the person: one clock for both, that of the stimulus. */
export function TrialView(props: PresenterProps) {
  const { item, driven, timed, onMedia, onView } = props;
  const [medium, setMedium] = useState<Medium | null>(null);
  const take = useCallback(
    (taken: Medium | null) => {
      setMedium(taken);
      onMedia(taken);
    },
    [onMedia],
  );
  const parts = useMemo(() => partsOf(item), [item]);
  const stimulus = useMemo(() => parts && asItem(parts.stimulus, item), [parts, item]);
  if (!parts || !stimulus) return <Missing what={t("The recording")} />;
  const { View } = presenterFor(stimulus);
  return (
    <div className="trial">
      <View item={stimulus} driven={driven} timed={timed} onMedia={take} onView={nothing} />
      <Beside part={parts.recording} medium={medium} driven={driven} onView={onView} />
    </div>
  );
}
