import { useCallback, useEffect, useRef, useState } from "react";
import type { JsonObject } from "../api/types";
import { Scope } from "../base/scope";
import { useStore } from "../base/store";
import { PadCanvas } from "../desk/padcanvas";
import { PadInput } from "../desk/padinput";
import { Player } from "../desk/player";
import { useTrace } from "../desk/useTrace";
import type { Range } from "../trace/padmap";
import { HEARTBEAT_HZ, mustRestart, type TraceSession } from "../trace/session";
import { type DeskProps, defineDesk } from "./define";
import { Prompt } from "./parts/Prompt";

interface Axis extends Range {
  key: string;
  lowLabel: string;
  highLabel: string;
}

interface Trace2dOptions {
  x: Axis;
  y: Axis;
  start: readonly number[];
  heartbeatHz: number;
  idleHintS: number;
}

/** The screen's refresh rate is counted over this many frames. */
const REFRESH_FRAMES = 120;

type ViewProps = DeskProps & { options: Trace2dOptions };

function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Waits for the trace to open and to be finished; between the two stands the pad. */
function Trace2dView(props: ViewProps) {
  const { question, options, desk, media, onDone } = props;
  const [attempt, setAttempt] = useState(0);
  const [failure, setFailure] = useState<string | null>(null);
  const [finishing, setFinishing] = useState(false);
  const opening = useTrace(desk, question, options.start, attempt);

  const finish = useCallback(
    async (session: TraceSession, traceId: string, played: JsonObject) => {
      setFinishing(true);
      setFailure(null);
      try {
        if (!session.alreadyFinished) await session.finish();
        onDone({ trace: traceId }, played);
      } catch (error) {
        if (session.status.stopped?.reason === "stale") return desk.lostPen();
        if (mustRestart(error)) await desk.renewTrace(question);
        setFailure(error instanceof Error ? error.message : String(error));
        setFinishing(false);
      }
    },
    [desk, question, onDone],
  );

  const over = opening.state === "open" && (opening.session.alreadyFinished || opening.session.alreadyEnded);
  useEffect(() => {
    if (over && opening.state === "open") void finish(opening.session, opening.traceId, {});
  }, [over, opening, finish]);

  const failed = failure ?? (opening.state === "failed" ? opening.message : null);
  if (failed) {
    return (
      <section className="question">
        <Prompt question={question} />
        <div className="problem" role="alert">
          <p>{failed}</p>
          <p>What you rated so far is kept on this device.</p>
          <button
            type="button"
            className="primary"
            onClick={() => {
              setFailure(null);
              setAttempt(attempt + 1);
            }}
          >
            Try again
          </button>
        </div>
      </section>
    );
  }
  if (finishing || over) {
    return (
      <section className="question">
        <Prompt question={question} />
        <p className="calm" role="status">
          Sending the last part of your rating …
        </p>
      </section>
    );
  }
  if (opening.state !== "open" || !media) {
    return (
      <section className="question">
        <Prompt question={question} />
        <p className="calm" role="status">
          Getting ready …
        </p>
      </section>
    );
  }
  const { session, traceId, restarted } = opening;
  return (
    <Pad
      key={traceId}
      {...props}
      media={media}
      session={session}
      restarted={restarted}
      onEnded={(played) => void finish(session, traceId, played)}
    />
  );
}

interface PadProps extends ViewProps {
  media: HTMLMediaElement;
  session: TraceSession;
  restarted: boolean;
  onEnded(played: JsonObject): void;
}

function usePlayer({ media, session, onEnded }: PadProps): Player | null {
  const [player, setPlayer] = useState<Player | null>(null);
  const ended = useRef(onEnded);
  ended.current = onEnded;
  useEffect(() => {
    const made: Player = new Player(media, session.recorder, session.resumeUs, () => {
      session.end(performance.now());
      ended.current(made.played());
    });
    setPlayer(made);
    return () => made.dispose();
  }, [media, session]);
  return player;
}

/** The one animation-frame loop and the one heartbeat of the pad, outside of React's rendering. */
function runInstrument(
  { session, options, desk, question }: PadProps,
  player: Player,
  nodes: { pad: HTMLElement; canvas: HTMLCanvasElement; bar: HTMLElement; clock: HTMLElement },
  onIdle: (idle: boolean) => void,
): () => void {
  const { recorder } = session;
  const { x, y } = options;
  const scope = new Scope();
  const canvas = new PadCanvas(nodes.canvas, x, y);
  const input = new PadInput({ pad: nodes.pad, recorder, x, y, live: () => player.live });
  scope.add(() => input.dispose());

  let frame = 0;
  let lastSecond = -1;
  let drawn = 0;
  let firstMs = 0;
  const draw = (atMs: number) => {
    if (drawn++ === 0) firstMs = atMs;
    if (drawn === REFRESH_FRAMES) {
      player.tally.refresh_hz = Math.round((1000 * (REFRESH_FRAMES - 1)) / (atMs - firstMs));
    }
    input.frame(atMs);
    canvas.draw(recorder.value[0] ?? 0, recorder.value[1] ?? 0, atMs, !player.live);
    const { positionS, durationS } = player;
    nodes.bar.style.transform = `scaleX(${durationS > 0 ? positionS / durationS : 0})`;
    if (Math.floor(positionS) !== lastSecond) {
      lastSecond = Math.floor(positionS);
      nodes.clock.textContent = `${clockText(positionS)} / ${clockText(durationS)}`;
    }
    frame = requestAnimationFrame(draw);
  };
  frame = requestAnimationFrame(draw);
  scope.add(() => cancelAnimationFrame(frame));

  let touched = false;
  let playingSince = performance.now();
  scope.every(1000 / options.heartbeatHz, () => {
    const now = performance.now();
    session.beat(now, player.recording).catch(() => undefined);
    if (session.status.stopped?.reason === "stale") return desk.lostPen();
    if (recorder.hasInput && !touched) desk.touched(question);
    touched = recorder.hasInput;
    const playing = player.playback.get().phase === "playing";
    if (!playing) playingSince = now;
    const stillS = (now - Math.max(recorder.lastInputMs, playingSince)) / 1000;
    onIdle(options.idleHintS > 0 && playing && stillS > options.idleHintS);
  });

  let measured = false;
  const observer = new ResizeObserver(() => {
    canvas.measure();
    const box = nodes.pad.getBoundingClientRect();
    // The first call only tells the size that it has.
    if (player.recording && measured) {
      recorder.mark("resize", performance.now(), { pad: [Math.round(box.width), Math.round(box.height)] });
    }
    measured = true;
  });
  observer.observe(nodes.pad);
  scope.add(() => observer.disconnect());
  const scheme = window.matchMedia("(prefers-color-scheme: dark)");
  scope.listen(scheme, "change", () => canvas.measure());
  const keep = () => void session.keep(true).catch(() => undefined);
  scope.listen(document, "visibilitychange", keep);
  scope.listen(window, "pagehide", keep);
  scope.listen(window, "online", () => session.hurry());
  return () => scope.dispose();
}

function Pad(props: PadProps) {
  const { question, options } = props;
  const player = usePlayer(props);
  const pad = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const clock = useRef<HTMLSpanElement>(null);
  const [idle, setIdle] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: everything else is fixed while this pad is shown.
  useEffect(() => {
    if (!player || !pad.current || !canvas.current || !bar.current || !clock.current) return;
    const nodes = { pad: pad.current, canvas: canvas.current, bar: bar.current, clock: clock.current };
    return runInstrument(props, player, nodes, setIdle);
  }, [player]);

  useEffect(() => {
    if (!player) return;
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.code !== "Space" || event.repeat || target.closest("button, a, input, textarea, dialog"))
        return;
      event.preventDefault();
      player.toggle();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [player]);

  const { x, y } = options;
  const described = `${x.key} to the right, from ${x.lowLabel} to ${x.highLabel}; ${y.key} upward, from ${y.lowLabel} to ${y.highLabel}`;
  return (
    <section className="question trace">
      <Prompt question={question} />
      {props.restarted ? (
        <p className="notice">The first recording of this item was lost; it starts again.</p>
      ) : null}
      <div className="pad-frame">
        <span className="axis axis-top">{y.highLabel}</span>
        <span className="axis axis-left">{x.lowLabel}</span>
        <div className="pad" ref={pad} role="application" aria-label={`Rating field: ${described}`}>
          <div className="pad-grid" aria-hidden="true" />
          <canvas ref={canvas} aria-hidden="true" />
          {player ? <Cover player={player} idle={idle} /> : null}
        </div>
        <span className="axis axis-right">{x.highLabel}</span>
        <span className="axis axis-bottom">{y.lowLabel}</span>
      </div>
      <div className="transport">
        {player ? <PauseButton player={player} /> : null}
        <div className="media-bar" aria-hidden="true">
          <div className="media-bar-fill" ref={bar} />
        </div>
        <span className="media-clock" ref={clock} />
      </div>
    </section>
  );
}

function PauseButton({ player }: { player: Player }) {
  const { phase } = useStore(player.playback);
  const running = phase === "playing" || phase === "stalled" || phase === "countdown";
  return (
    <button type="button" className="quiet" disabled={!running} onClick={() => player.pause("rater")}>
      Pause <kbd aria-hidden="true">Space</kbd>
    </button>
  );
}

const PAUSED_TEXT: Record<string, string> = {
  rater: "Paused.",
  hidden: "Paused while this page was out of sight.",
  blocked: "The browser stopped the playback.",
  reload: "Your rating so far is safe.",
};

/** What lies over the pad while the medium does not run. */
function Cover({ player, idle }: { player: Player; idle: boolean }) {
  const playback = useStore(player.playback);
  const buffered = useStore(player.buffered);
  switch (playback.phase) {
    case "loading":
      return (
        <div className="cover" role="status">
          <p>Loading … {Math.round(buffered * 100)} %</p>
        </div>
      );
    case "ready":
      return <Go player={player} text="Ready when you are." label="Start" />;
    case "paused":
      return <Go player={player} text={PAUSED_TEXT[playback.why] ?? ""} label="Continue" />;
    case "countdown":
      return (
        <div className="cover see-through" role="status">
          <p className="count">{playback.left > 0 ? playback.left : "…"}</p>
        </div>
      );
    case "stalled":
      return (
        <div className="cover see-through" role="status">
          <p>Loading …</p>
        </div>
      );
    default:
      return idle && playback.phase === "playing" ? <IdleHint /> : null;
  }
}

function Go({ player, text, label }: { player: Player; text: string; label: string }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus({ preventScroll: true }), []);
  return (
    <div className="cover">
      <p>{text}</p>
      <button
        type="button"
        ref={button}
        className="primary"
        onClick={(event) => {
          event.currentTarget.blur();
          player.go();
        }}
      >
        {label}
      </button>
    </div>
  );
}

function IdleHint() {
  return (
    <p className="idle-hint" role="status">
      Still watching? The dot stays where it is until you move it.
    </p>
  );
}

export const questionType = defineDesk<Trace2dOptions>({
  type: "trace2d",
  keys: [
    { keys: "Space", does: "start, pause, continue" },
    { keys: "← ↑ → ↓ or W A S D", does: "move the dot; hold to move faster" },
  ],
  readOptions(reader) {
    const axes = reader.each("dimensions", (one) => {
      const axis: Axis = {
        key: one.text("key"),
        lowLabel: one.text("low_label"),
        highLabel: one.text("high_label"),
        min: one.number("min"),
        max: one.number("max"),
      };
      if (axis.max <= axis.min) throw one.wrong("max", "greater than min");
      return axis;
    });
    const [x, y] = axes;
    if (axes.length !== 2 || !x || !y) throw reader.wrong("dimensions", "a list of two dimensions");
    const start = reader.numbers("start", [(x.min + x.max) / 2, (y.min + y.max) / 2]);
    if (start.length !== 2) throw reader.wrong("start", "a list of two numbers");
    return {
      x,
      y,
      start,
      heartbeatHz: reader.number("heartbeat_hz", HEARTBEAT_HZ),
      idleHintS: reader.number("idle_hint_s", 0),
    };
  },
  View: Trace2dView,
});
