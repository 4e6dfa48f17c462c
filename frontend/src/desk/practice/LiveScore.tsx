import { useEffect, useState } from "react";
import { Scope } from "../../base/scope";
import type { TraceRecorder } from "../../trace/recorder";
import { t } from "../../words/words";
import type { Target } from "../instrument";
import type { Player } from "../player";
import { TargetReader } from "../target";
import { isNear, Nearness } from "./nearness";
import "./livescore.css";

const LOOK_MS = 50;
const SHOW_MS = 500;
/** Whoever hears the page is told rarely: she listens to the medium. */
const SAY_MS = 10_000;

interface LiveScoreProps {
  player: Player;
  recorder: TraceRecorder;
  target: Target;
}

/** While a target is followed in practice: how near the rater keeps to it. What counts is scored by the server. */
export function LiveScore({ player, recorder, target }: LiveScoreProps) {
  const [shown, setShown] = useState("");
  const [said, setSaid] = useState("");
  useEffect(() => {
    const scope = new Scope();
    const reader = new TargetReader(target, recorder.value.length);
    const nearness = new Nearness();
    const told = () => (nearness.share === null ? "" : textOf(nearness.share));
    scope.every(LOOK_MS, () => {
      const { positionS } = player;
      const goal = reader.at(positionS);
      const playing = player.playback.get().phase === "playing";
      if (playing && goal) nearness.note(positionS, isNear(recorder.value, goal, target.band));
    });
    scope.every(SHOW_MS, () => setShown(told()));
    scope.every(SAY_MS, () => setSaid(told()));
    return () => scope.dispose();
  }, [player, recorder, target]);
  return (
    <div className="live-score">
      <p className="hint" aria-hidden="true">
        {shown || t("Stay near the target. Here you see how well you do.")}
      </p>
      <p className="said" role="status">
        {said}
      </p>
    </div>
  );
}

const textOf = (share: number): string =>
  t("Near the target {part} % of the time so far", { part: Math.round(100 * share) });
