import { type ReactNode, useEffect, useState } from "react";
import { useStore } from "../base/store";
import { isTyping } from "../desk/inputs/movers";
import type { DeskProps } from "../questions/define";
import { Prompt } from "../questions/parts/Prompt";
import { t } from "../words/words";
import type { Chosen } from "./capture";
import { DevicePicker } from "./DevicePicker";
import { onMeter } from "./level";
import { Playback } from "./Playback";
import { type Phase, type RecordingOptions, Studio } from "./studio";
import "./recorder.css";

type Props = DeskProps & { options: RecordingOptions };

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export function Recorder({ question, desk, options, onDone }: Props) {
  const [studio, setStudio] = useState<Studio | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a question's options never change.
  useEffect(() => {
    const made = new Studio(desk, question, options, (take) =>
      onDone({ recording: take.id, takes: take.number }, {}),
    );
    setStudio(made);
    void made.open();
    return () => made.dispose();
  }, [desk, question.key]);
  return (
    <section className="recorder" aria-labelledby={`prompt-${question.key}`}>
      <Prompt question={question} />
      {studio ? <Booth studio={studio} options={options} /> : null}
    </section>
  );
}

function Booth({ studio, options }: { studio: Studio; options: RecordingOptions }) {
  const phase = useStore(studio.phase);
  const [chosen, setChosen] = useState<Chosen>({});
  const turnOn = (next: Chosen) => {
    setChosen(next);
    void studio.turnOn(next);
  };
  useRecordKey(studio, phase, options.minS);
  switch (phase.name) {
    case "opening":
    case "asking":
      return (
        <p className="calm" role="status">
          {phase.name === "asking" ? t("Please allow this page to record …") : t("Loading …")}
        </p>
      );
    case "off":
      return (
        <>
          <p className="hint">{limits(options)}</p>
          {phase.trouble ? (
            <p className="problem" role="alert">
              {phase.trouble}
            </p>
          ) : null}
          <div className="actions">
            <button type="button" className="primary" onClick={() => turnOn(phase.trouble ? {} : chosen)}>
              {options.medium === "video" ? t("Turn on camera and microphone") : t("Turn on the microphone")}
            </button>
          </div>
        </>
      );
    case "ready":
    case "countdown":
    case "recording":
      return (
        <Live studio={studio} phase={phase} options={options}>
          {phase.name === "ready" ? (
            <div className="devices">
              {options.medium === "video" ? (
                <DevicePicker kind="videoinput" stream={phase.stream} chosen={chosen} onChoose={turnOn} />
              ) : null}
              <DevicePicker kind="audioinput" stream={phase.stream} chosen={chosen} onChoose={turnOn} />
            </div>
          ) : null}
        </Live>
      );
    case "preview":
      return <Playback studio={studio} phase={phase} />;
    case "sending": {
      const percent = Math.round(100 * phase.part);
      return (
        <div className="sending">
          <progress max={100} value={percent} aria-label={t("How much has arrived")} />
          <p role="status">
            {phase.waiting
              ? t("No connection. Your recording is kept on this device and goes on by itself.")
              : t("Handing in your recording …")}
          </p>
          <p className="hint">{percent} %</p>
        </div>
      );
    }
    case "failed":
      return (
        <>
          <p className="problem" role="alert">
            {phase.message}
          </p>
          <div className="actions">
            <button type="button" className="primary" onClick={() => void studio.open()}>
              {t("Try again")}
            </button>
            <button type="button" onClick={() => void studio.again(false)}>
              {t("Record again")}
            </button>
          </div>
        </>
      );
  }
}

const limits = ({ minS, maxS }: RecordingOptions): string =>
  t("{min} to {max} minutes. Nothing leaves this device before you hand it in.", {
    min: clock(minS),
    max: clock(maxS),
  });

interface LiveProps {
  studio: Studio;
  phase: Extract<Phase, { stream: MediaStream }>;
  options: RecordingOptions;
  children: ReactNode;
}

/** What the devices see and hear now, and the one button that starts and stops. */
function Live({ studio, phase, options, children }: LiveProps) {
  const { stream } = phase;
  const recording = phase.name === "recording";
  const early = recording && phase.elapsedS < options.minS;
  return (
    <>
      <div className="booth" data-on={recording || undefined}>
        {options.medium === "video" ? <Mirror stream={stream} /> : null}
        {phase.name === "countdown" ? (
          <p className="countdown" role="timer" aria-live="assertive">
            {phase.left}
          </p>
        ) : null}
        {recording ? (
          <p className="on-air">
            <span aria-hidden="true" /> {clock(phase.elapsedS)} / {clock(options.maxS)}
          </p>
        ) : null}
      </div>
      <Loudness studio={studio} />
      {children}
      <p className="spoken" role="status">
        {recording ? t("Recording") : null}
      </p>
      <div className="actions">
        <button
          type="button"
          className={recording ? "danger" : "primary"}
          disabled={early}
          onClick={() => toggle(studio, phase)}
        >
          {phase.name === "ready"
            ? t("Record")
            : phase.name === "countdown"
              ? t("Cancel")
              : t("Stop recording")}{" "}
          <kbd aria-hidden="true">R</kbd>
        </button>
        <span className="hint">{early ? t("At least {minS} seconds", { minS: options.minS }) : null}</span>
      </div>
    </>
  );
}

function toggle(studio: Studio, phase: Phase): void {
  if (phase.name === "ready") studio.start();
  else if (phase.name === "countdown") studio.cancel();
  else studio.stop();
}

function useRecordKey(studio: Studio, phase: Phase, minS: number): void {
  useEffect(() => {
    if (!("stream" in phase) || (phase.name === "recording" && phase.elapsedS < minS)) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.code !== "KeyR" || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!isTyping(event.target)) toggle(studio, phase);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [studio, phase, minS]);
}

/** The rater as in a mirror. */
function Mirror({ stream }: { stream: MediaStream }) {
  const show = (node: HTMLVideoElement | null) => {
    if (node && node.srcObject !== stream) node.srcObject = stream;
  };
  return <video className="mirror" ref={show} autoPlay muted playsInline aria-label={t("Your camera")} />;
}

function Loudness({ studio }: { studio: Studio }) {
  const peak = useStore(studio.peak);
  const silent = useStore(studio.silent);
  return (
    <div className="loudness">
      <span id="loudness-name">{t("Microphone level")}</span>
      <meter min={0} max={1} value={onMeter(peak)} aria-labelledby="loudness-name" />
      <p className="warn" role="status">
        {silent ? t("Nothing is heard. Is the microphone muted, or another one chosen?") : null}
      </p>
    </div>
  );
}
