/** Why the medium stands still and the rater has to continue by hand. */
export type PauseReason = "rater" | "hidden" | "asleep" | "blocked" | "moved" | "reload" | "rewind";

export type Playback =
  | { phase: "loading" }
  | { phase: "ready" }
  | { phase: "countdown"; left: number }
  | { phase: "playing" }
  | { phase: "stalled" }
  | { phase: "paused"; why: PauseReason }
  | { phase: "ended" };

export type PlaybackEvent =
  | { type: "loaded"; resumed: boolean }
  | { type: "go" }
  | { type: "second" }
  | { type: "playing" }
  | { type: "waiting" }
  | { type: "halt"; why: PauseReason }
  | { type: "ended" };

/** Seconds of run-in before the medium moves, so that hand and eye are ready. */
export const RUN_IN_S = 3;

const PAUSED: Playback["phase"][] = ["playing", "stalled", "countdown"];

/** What happens to the playing of a medium under a continuous question; anything else changes nothing. */
export function playbackStep(state: Playback, event: PlaybackEvent): Playback {
  const { phase } = state;
  if (phase === "ended") return state;
  switch (event.type) {
    case "loaded":
      if (phase !== "loading") return state;
      return event.resumed ? { phase: "paused", why: "reload" } : { phase: "ready" };
    case "go":
      return phase === "ready" || phase === "paused" ? { phase: "countdown", left: RUN_IN_S } : state;
    case "second":
      return state.phase === "countdown" && state.left > 0
        ? { phase: "countdown", left: state.left - 1 }
        : state;
    case "playing":
      return phase === "countdown" || phase === "stalled" ? { phase: "playing" } : state;
    case "waiting":
      return phase === "playing" ? { phase: "stalled" } : state;
    case "halt":
      return PAUSED.includes(phase) ? { phase: "paused", why: event.why } : state;
    case "ended":
      return phase === "loading" || phase === "ready" ? state : { phase: "ended" };
  }
}
