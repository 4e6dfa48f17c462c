import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import type { JsonObject, Question } from "../api/types";
import { insist } from "../rate/connection";
import { mustRestart, type TraceSession } from "../trace/session";
import { later } from "../words/Later";
import { t } from "../words/words";
import { Cover } from "./Cover";
import { isTyping } from "./inputs/movers";
import type { InstrumentKind, TraceSettings } from "./instrument";
import type { Medium } from "./medium";
import { Player, type PlayRules } from "./player";
import { runInstrument } from "./run";
import type { Desk } from "./services";
import { Transport } from "./Transport";
import { useTrace } from "./useTrace";
import "./desk.css";

/** Few raters practise with a target, and nobody does for long. */
const LiveScore = later(async () => (await import("./practice/LiveScore")).LiveScore);

export interface TraceDeskProps<O extends TraceSettings> {
  question: Question;
  options: O;
  desk: Desk;
  /** null while it is not there. */
  media: Medium | null;
  kind: InstrumentKind<O>;
  prompt: ReactNode;
  onDone(value: JsonObject, played: JsonObject): void;
}

/** Everything that continuous questions share: waits for the trace to open and to be finished; plays in between. */
export function TraceDesk<O extends TraceSettings>(props: TraceDeskProps<O>) {
  const { question, options, desk, media, prompt, onDone } = props;
  const [attempt, setAttempt] = useState(0);
  const [failure, setFailure] = useState<string | null>(null);
  const [finishing, setFinishing] = useState(false);
  const opening = useTrace(desk, question, options.start, attempt);

  const finish = useCallback(
    async (session: TraceSession, traceId: string, played: JsonObject) => {
      setFinishing(true);
      setFailure(null);
      try {
        const waiting = () => desk.report({ ...session.status, retrying: true });
        if (!session.alreadyFinished) await insist(() => session.finish(), waiting);
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
    const again = () => {
      setFailure(null);
      setAttempt(attempt + 1);
    };
    return <Failed prompt={prompt} message={failed} onAgain={again} />;
  }
  if (finishing || over)
    return <Waiting prompt={prompt} text={t("Sending the last part of your rating …")} />;
  if (opening.state !== "open" || !media) return <Waiting prompt={prompt} text={t("Getting ready …")} />;
  const { session, traceId, restarted } = opening;
  return (
    <Bench
      key={traceId}
      {...props}
      media={media}
      session={session}
      restarted={restarted}
      onEnded={(played) => void finish(session, traceId, played)}
    />
  );
}

function Waiting({ prompt, text }: { prompt: ReactNode; text: string }) {
  return (
    <section className="question">
      {prompt}
      <p className="calm" role="status">
        {text}
      </p>
    </section>
  );
}

function Failed({ prompt, message, onAgain }: { prompt: ReactNode; message: string; onAgain(): void }) {
  return (
    <section className="question">
      {prompt}
      <div className="problem" role="alert">
        <p>{message}</p>
        <p>{t("What you rated so far is kept on this device.")}</p>
        <button type="button" className="primary" onClick={onAgain}>
          {t("Try again")}
        </button>
      </div>
    </section>
  );
}

interface BenchProps<O extends TraceSettings> extends TraceDeskProps<O> {
  media: Medium;
  session: TraceSession;
  restarted: boolean;
  onEnded(played: JsonObject): void;
}

function rulesOf<O extends TraceSettings>({ desk, options }: BenchProps<O>): PlayRules {
  const { pause, rewind, sound } = desk.assignment.presentation;
  return { pause, rewind: rewind || options.rewind, sound };
}

function usePlayer<O extends TraceSettings>(props: BenchProps<O>): Player | null {
  const { media, session, onEnded } = props;
  const [player, setPlayer] = useState<Player | null>(null);
  const ended = useRef(onEnded);
  ended.current = onEnded;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the protocol's rules do not change under an item.
  useEffect(() => {
    const made: Player = new Player(media, session.recorder, session.resumeUs, rulesOf(props), () => {
      session.end(performance.now());
      ended.current(made.played());
    });
    setPlayer(made);
    return () => made.dispose();
  }, [media, session]);
  return player;
}

/** Space starts, pauses and continues; R goes back, where that is allowed. */
function usePlayKeys(player: Player | null): void {
  useEffect(() => {
    if (!player) return;
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTyping(target)) return;
      if (event.code === "KeyR" && player.rules.rewind) player.rewind();
      if (event.code !== "Space" || target.closest("button, a")) return;
      event.preventDefault();
      player.toggle();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [player]);
}

function Bench<O extends TraceSettings>(props: BenchProps<O>) {
  const { question, options, desk, session, kind, prompt } = props;
  const player = usePlayer(props);
  const surface = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const clock = useRef<HTMLSpanElement>(null);
  const [idle, setIdle] = useState(false);
  usePlayKeys(player);

  // biome-ignore lint/correctness/useExhaustiveDependencies: everything else is fixed while this instrument is shown.
  useEffect(() => {
    if (!player || !surface.current || !bar.current || !clock.current) return;
    const nodes = { surface: surface.current, bar: bar.current, clock: clock.current };
    const ports = {
      surface: surface.current,
      recorder: session.recorder,
      live: () => player.live,
      positionS: () => player.positionS,
    };
    const { heartbeatHz, idleHintS } = options;
    const instrument = kind.mount(ports, options);
    return runInstrument({
      session,
      player,
      instrument,
      desk,
      question,
      heartbeatHz,
      idleHintS,
      nodes,
      onIdle: setIdle,
    });
  }, [player]);

  const { Surface } = kind;
  const before = <Before desk={desk} />;
  return (
    <section className="question trace">
      {prompt}
      {props.restarted ? (
        <p className="notice">{t("The first recording of this item was lost; it starts again.")}</p>
      ) : null}
      <Surface
        options={options}
        surface={surface}
        cover={player ? <Cover player={player} idle={idle} before={before} /> : null}
      />
      <Transport player={player} bar={bar} clock={clock} />
      {player && options.target ? (
        <LiveScore player={player} recorder={session.recorder} target={options.target} />
      ) : null}
    </section>
  );
}

/** What a rater should know before the medium starts. */
function Before({ desk }: { desk: Desk }) {
  const { item, presentation } = desk.assignment;
  return (
    <>
      {item.target ? (
        <p className="target-person">{t("Rate this one: {target}", { target: item.target })}</p>
      ) : null}
      {presentation.lead_in_s > 0 ? (
        <p>
          {t("The first {seconds} s are for settling in; they do not count.", {
            seconds: presentation.lead_in_s,
          })}
        </p>
      ) : null}
      {item.target || presentation.lead_in_s > 0 ? null : <p>{t("Ready when you are.")}</p>}
    </>
  );
}
