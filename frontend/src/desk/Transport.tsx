import type { RefObject } from "react";
import { useStore } from "../base/store";
import { t } from "../words/words";
import { type Player, REWIND_S } from "./player";
import "./transport.css";

interface TransportProps {
  player: Player | null;
  bar: RefObject<HTMLDivElement | null>;
  clock: RefObject<HTMLSpanElement | null>;
}

/** Below the instrument: what the rater may do with the medium, and how far it is. */
export function Transport({ player, bar, clock }: TransportProps) {
  return (
    <div className="transport">
      {player?.rules.rewind ? <RewindButton player={player} /> : null}
      {player?.rules.pause ? <PauseButton player={player} /> : null}
      <div className="media-bar" aria-hidden="true">
        <div className="media-bar-fill" ref={bar} />
      </div>
      <span className="media-clock" ref={clock} />
    </div>
  );
}

function PauseButton({ player }: { player: Player }) {
  const { phase } = useStore(player.playback);
  const running = phase === "playing" || phase === "stalled" || phase === "countdown";
  return (
    <button type="button" className="quiet" disabled={!running} onClick={() => player.pause("rater")}>
      {t("Pause")} <kbd aria-hidden="true">{t("Space")}</kbd>
    </button>
  );
}

function RewindButton({ player }: { player: Player }) {
  const { phase } = useStore(player.playback);
  const possible = phase !== "loading" && phase !== "ready" && phase !== "ended";
  return (
    <button type="button" className="quiet" disabled={!possible} onClick={() => player.rewind()}>
      {t("Back {seconds} s", { seconds: REWIND_S })} <kbd aria-hidden="true">R</kbd>
    </button>
  );
}

export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
