import type { Question } from "../api/types";
import { Scope } from "../base/scope";
import type { TraceSession } from "../trace/session";
import type { Instrument } from "./instrument";
import type { Player } from "./player";
import type { Desk } from "./services";
import { clockText } from "./Transport";

/** The screen's refresh rate is counted over this many frames. */
const REFRESH_FRAMES = 120;

export interface RunPorts {
  session: TraceSession;
  player: Player;
  instrument: Instrument;
  desk: Desk;
  question: Question;
  heartbeatHz: number;
  idleHintS: number;
  nodes: { surface: HTMLElement; bar: HTMLElement; clock: HTMLElement };
  onIdle(idle: boolean): void;
}

/** The one animation-frame loop and the one heartbeat of an instrument, outside of React's rendering. */
export function runInstrument(ports: RunPorts): () => void {
  const scope = new Scope();
  scope.add(() => ports.instrument.dispose());
  drawEachFrame(ports, scope);
  beat(ports, scope);
  watchSize(ports, scope);
  keepSafe(ports, scope);
  return () => scope.dispose();
}

function drawEachFrame({ player, instrument, nodes }: RunPorts, scope: Scope): void {
  let frame = 0;
  let told = "";
  let drawn = 0;
  let firstMs = 0;
  const draw = (atMs: number) => {
    if (drawn++ === 0) firstMs = atMs;
    if (drawn === REFRESH_FRAMES) {
      player.tally.refresh_hz = Math.round((1000 * (REFRESH_FRAMES - 1)) / (atMs - firstMs));
    }
    instrument.frame(atMs, !player.live);
    const { positionS, durationS } = player;
    nodes.bar.style.transform = `scaleX(${durationS > 0 ? positionS / durationS : 0})`;
    const text = `${clockText(positionS)} / ${clockText(durationS)}`;
    if (text !== told) nodes.clock.textContent = told = text;
    frame = requestAnimationFrame(draw);
  };
  frame = requestAnimationFrame(draw);
  scope.add(() => cancelAnimationFrame(frame));
}

function beat(
  { session, player, desk, question, heartbeatHz, idleHintS, onIdle }: RunPorts,
  scope: Scope,
): void {
  const { recorder } = session;
  let touched = false;
  let playingSince = performance.now();
  scope.every(1000 / heartbeatHz, () => {
    const now = performance.now();
    // First of all: a heartbeat after a sleep must not pass for one before it.
    player.checkAwake();
    session.beat(now, player.recording).catch(() => undefined);
    if (session.status.stopped?.reason === "stale") return desk.lostPen();
    if (recorder.hasInput && !touched) desk.touched(question);
    touched = recorder.hasInput;
    const playing = player.playback.get().phase === "playing";
    if (!playing) playingSince = now;
    const stillS = (now - Math.max(recorder.lastInputMs, playingSince)) / 1000;
    onIdle(idleHintS > 0 && playing && stillS > idleHintS);
  });
}

function watchSize({ session, player, instrument, nodes }: RunPorts, scope: Scope): void {
  let measured = false;
  const observer = new ResizeObserver(() => {
    instrument.measure();
    const box = nodes.surface.getBoundingClientRect();
    // The first call only tells the size that it has.
    if (player.recording && measured) {
      const size = [Math.round(box.width), Math.round(box.height)];
      session.recorder.mark("resize", performance.now(), { pad: size });
    }
    measured = true;
  });
  observer.observe(nodes.surface);
  scope.add(() => observer.disconnect());
  const scheme = window.matchMedia("(prefers-color-scheme: dark)");
  scope.listen(scheme, "change", () => instrument.measure());
}

function keepSafe({ session }: RunPorts, scope: Scope): void {
  const keep = () => void session.keep(true).catch(() => undefined);
  scope.listen(document, "visibilitychange", keep);
  scope.listen(window, "pagehide", keep);
}
