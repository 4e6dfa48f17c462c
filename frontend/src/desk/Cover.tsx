import { type ReactNode, useEffect, useRef } from "react";
import { takeFocus } from "../base/focus";
import { useStore } from "../base/store";
import type { PauseReason } from "../trace/playback";
import { pageDirection } from "../words/languages";
import { t } from "../words/words";
import { joystick } from "./inputs/joystick";
import type { Player } from "./player";

const PAUSED_TEXT: Record<PauseReason, () => string> = {
  rater: () => t("Paused."),
  hidden: () => t("Paused while this page was out of sight."),
  asleep: () => t("Paused, because this device slept or stood still for a while."),
  blocked: () => t("The browser stopped the playback."),
  moved: () => t("Paused, because something outside this page moved the playback. It goes on where it was."),
  reload: () => t("Your rating so far is safe."),
  rewind: () => t("Rewound. What you rate from here replaces what you rated before."),
};

interface CoverProps {
  player: Player;
  idle: boolean;
  /** Shown before the start only: who is to be rated, what does not count yet. */
  before: ReactNode;
}

/** What lies over the instrument while the medium does not run. */
export function Cover({ player, idle, before }: CoverProps) {
  const playback = useStore(player.playback);
  const buffered = useStore(player.buffered);
  switch (playback.phase) {
    case "loading":
      return (
        <div className="cover" role="status" dir={pageDirection()}>
          <p>{t("Loading … {part} %", { part: Math.round(buffered * 100) })}</p>
        </div>
      );
    case "ready":
      return (
        <Go player={player} label={t("Start")}>
          {before ?? <p>{t("Ready when you are.")}</p>}
        </Go>
      );
    case "paused":
      return (
        <Go player={player} label={t("Continue")}>
          <p>{PAUSED_TEXT[playback.why]()}</p>
        </Go>
      );
    case "countdown":
      return (
        <div className="cover see-through" role="status">
          <p className="count">{playback.left > 0 ? playback.left : "…"}</p>
        </div>
      );
    case "stalled":
      return (
        <div className="cover see-through" role="status">
          <p>{t("Loading …")}</p>
        </div>
      );
    default:
      return idle && playback.phase === "playing" ? <IdleHint /> : null;
  }
}

function Go({ player, label, children }: { player: Player; label: string; children: ReactNode }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => takeFocus(button.current), []);
  return (
    <div className="cover" dir={pageDirection()}>
      {children}
      <button
        type="button"
        ref={button}
        className="primary"
        onClick={(event) => {
          handOver(event.currentTarget);
          player.go();
        }}
      >
        {label}
      </button>
      <JoystickCard />
    </div>
  );
}

/** The keys belong to the instrument from here on: a screen reader hands them to it once it has the focus. */
function handOver(button: HTMLElement): void {
  const field = button.closest(".trace")?.querySelector<HTMLElement>("[role=application]");
  button.blur();
  takeFocus(field ?? null);
}

/** Where a joystick is there: how to set it up before it is used. */
function JoystickCard() {
  const { phase } = useStore(joystick.state);
  if (phase === "absent") return null;
  const text = {
    found: t("A joystick is connected."),
    resting: t("Let go of the joystick …"),
    moving: t("Now move it all around, to every end, and let go."),
    ready: t("The joystick is set up."),
  }[phase];
  return (
    <div className="joystick" role="status">
      <span>{text}</span>
      {phase === "moving" ? (
        <button type="button" onClick={() => joystick.finish()}>
          {t("Done")}
        </button>
      ) : (
        <button type="button" disabled={phase === "resting"} onClick={() => joystick.begin()}>
          {phase === "ready" ? t("Set up again") : t("Set up the joystick")}
        </button>
      )}
    </div>
  );
}

function IdleHint() {
  return (
    <p className="idle-hint" role="status">
      {t("Still watching? Your rating stays where it is until you change it.")}
    </p>
  );
}
