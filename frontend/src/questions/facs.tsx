import { useRef, useState } from "react";
import type { JsonObject } from "../api/types";
import { t } from "../words/words";
import { defineField, type FieldProps } from "./define";
import {
  type Asked,
  answerOfCodes,
  begun,
  type Coded,
  codesOf,
  INTENSITIES,
  type Lack,
  lackOf,
  MOMENTS,
  type Moment,
  readCode,
  SIDES,
  type Unit,
} from "./parts/facs";
import { Complaint, Prompt, promptId } from "./parts/Prompt";
import { clockText, snapped } from "./parts/timeline";
import { useKeys } from "./parts/useKeys";
import { useMediaTime } from "./parts/useMediaTime";
import { useUndo } from "./parts/useUndo";
import "./parts/playhead.css";
import "./segments.css";
import "./facs.css";

interface FacsOptions extends Asked {
  neutral_s: number | null;
  replayFrames: number;
}

const FALLBACK_RATE_HZ = 25;
const PARTS: Readonly<Record<string, string>> = {
  upper: "Upper face",
  lower: "Lower face",
  mouth: "Mouth and chin",
  descriptor: "Other movements",
  pose: "Head and eyes",
};
const MOMENT_NAMES: Readonly<Record<Moment, string>> = {
  onset_s: "Onset",
  apex_s: "Apex",
  offset_s: "Offset",
};
const SIDE_NAMES = { left: "Left", right: "Right", both: "Both" } as const;
const LACKS: Readonly<Record<Lack, string>> = {
  intensity: "{unit} has no intensity yet.",
  side: "{unit} has no side yet.",
  onset_s: "{unit} has no onset yet.",
  apex_s: "{unit} has no apex yet.",
  offset_s: "{unit} has no offset yet.",
  order: "{unit}: onset, apex and offset must follow each other.",
  double: "{unit} is coded twice for the same side and time.",
};

function problemOf(codes: readonly Coded[], asked: Asked): string | null {
  for (const [index, coded] of codes.entries()) {
    const lack = lackOf(codes, index, asked);
    if (lack) return t(LACKS[lack], { unit: coded.unit });
  }
  return null;
}

/** Plays what leads up to here, and stops here again. */
function replay(media: HTMLMediaElement, length_s: number): void {
  const here_s = media.currentTime;
  const stop = () => {
    if (media.currentTime < here_s && !media.ended && !media.paused) return void requestAnimationFrame(stop);
    media.pause();
    media.currentTime = here_s;
  };
  media.currentTime = Math.max(here_s - length_s, 0);
  void media.play().then(stop, () => undefined);
}

function FacsView({
  question,
  options,
  item,
  media,
  value,
  complaint,
  onChange,
}: FieldProps & { options: FacsOptions }) {
  const section = useRef<HTMLElement>(null);
  const at_s = useMediaTime(media);
  const [typed, setTyped] = useState("");
  const [said, setSaid] = useState("");
  const undoing = useUndo<JsonObject | null>(value, onChange);
  const answer = codesOf(value);
  const codes = answer ?? [];
  const frame_s = 1 / (item.frame_rate_hz ?? FALLBACK_RATE_HZ);
  const rules = {
    duration_s: item.duration_s ?? 0,
    step_s: null,
    minLength_s: 0,
    overlap: "any",
    most: null,
  } as const;
  const set = (next: readonly Coded[]) => undoing.change(answerOfCodes(next));
  const revise = (index: number, part: Partial<Coded>) =>
    set(codes.map((coded, place) => (place === index ? { ...coded, ...part } : coded)));
  const toggle = (key: string) =>
    set(
      codes.some((coded) => coded.unit === key)
        ? codes.filter((coded) => coded.unit !== key)
        : [...codes, begun(key, options)],
    );
  const step = (frames: number) => {
    if (!media) return;
    media.pause();
    media.currentTime = snapped(media.currentTime + frames * frame_s, rules);
  };
  const again = () => {
    if (media) replay(media, options.replayFrames * frame_s);
  };
  const write = () => {
    const words = typed.split(/[\s,+]+/).filter(Boolean);
    const read = words.map((word) => readCode(word, options));
    const wrong = words.find((_, index) => read[index] === null);
    if (wrong) return setSaid(t("{code} is no code of this question.", { code: wrong }));
    set([...codes, ...read.filter((coded) => coded !== null)]);
    setTyped("");
    setSaid(t("Added: {codes}.", { codes: words.join(", ") }));
  };

  useKeys(section, {
    k: () => void (media?.paused ? media.play() : media?.pause()),
    r: again,
    ",": () => step(-1),
    ".": () => step(1),
    "mod+z": undoing.undo,
    "mod+y": undoing.redo,
    "mod+shift+z": undoing.redo,
  });

  const parts = [...new Set(options.units.map((unit) => unit.part))];
  return (
    <section className="question facs" ref={section} aria-labelledby={promptId(question)}>
      <Prompt question={question} />
      {options.neutral_s !== null && media?.currentSrc ? (
        <Neutral src={media.currentSrc} at_s={options.neutral_s} />
      ) : null}
      {media ? (
        <div className="transport">
          <button type="button" onClick={again}>
            {t("Play the last {n} frames", { n: options.replayFrames })}
          </button>
          <button type="button" aria-label={t("One frame back")} onClick={() => step(-1)}>
            ◂
          </button>
          <span className="clock">{clockText(at_s)}</span>
          <button type="button" aria-label={t("One frame on")} onClick={() => step(1)}>
            ▸
          </button>
        </div>
      ) : null}
      <div className="facs-typing">
        <label>
          {t("Codes, such as 12C or L14B")}
          <input
            type="text"
            value={typed}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
              event.preventDefault();
              write();
            }}
          />
        </label>
        <button type="button" onClick={write}>
          {t("Add")}
        </button>
        <button type="button" className="quiet" disabled={!undoing.undo} onClick={() => undoing.undo?.()}>
          {t("Undo")}
        </button>
        <button type="button" className="quiet" disabled={!undoing.redo} onClick={() => undoing.redo?.()}>
          {t("Redo")}
        </button>
        <button type="button" className="quiet" disabled={answer !== null} onClick={() => set([])}>
          {t("No unit is seen")}
        </button>
      </div>
      <p className="hint" role="status">
        {answer?.length === 0 ? t("No unit is seen, and that is your answer.") : said}
      </p>
      {codes.map((coded, index) => (
        <Code
          // biome-ignore lint/suspicious/noArrayIndexKey: a code has no name but its place in the list.
          key={index}
          {...{ coded, options, at_s, timed: media !== null }}
          group={`${question.key}.${index}`}
          unit={options.units.find((unit) => unit.key === coded.unit)}
          onRevise={(part) => revise(index, part)}
          onRemove={() => set(codes.filter((_, place) => place !== index))}
          onAnother={() =>
            set([...codes.slice(0, index + 1), begun(coded.unit, options), ...codes.slice(index + 1)])
          }
        />
      ))}
      {parts.map((part) => (
        <fieldset key={part} className="facs-part">
          <legend>{t(PARTS[part] ?? part)}</legend>
          {options.units
            .filter((unit) => unit.part === part)
            .map((unit) => (
              <label key={unit.key} className="chip">
                <input
                  type="checkbox"
                  checked={codes.some((coded) => coded.unit === unit.key)}
                  onChange={() => toggle(unit.key)}
                />
                <span>
                  <b>{unit.key}</b> {unit.name}
                </span>
              </label>
            ))}
        </fieldset>
      ))}
      <Complaint text={complaint} />
    </section>
  );
}

/** The face at rest, to compare with. */
function Neutral({ src, at_s }: { src: string; at_s: number }) {
  return (
    <figure className="facs-neutral">
      <video
        src={src}
        muted
        playsInline
        preload="auto"
        tabIndex={-1}
        onLoadedMetadata={(event) => {
          event.currentTarget.currentTime = at_s;
        }}
      />
      <figcaption>{t("Neutral frame, at {time}", { time: clockText(at_s) })}</figcaption>
    </figure>
  );
}

interface CodeProps {
  coded: Coded;
  unit: Unit | undefined;
  options: FacsOptions;
  group: string;
  at_s: number;
  timed: boolean;
  onRevise(part: Partial<Coded>): void;
  onRemove(): void;
  onAnother(): void;
}

function Code({ coded, unit, options, group, at_s, timed, onRevise, onRemove, onAnother }: CodeProps) {
  return (
    <fieldset className="facs-code">
      <legend>
        <b>{coded.unit}</b> {unit?.name}
      </legend>
      {options.intensity ? (
        <Choice
          name={t("Intensity")}
          group={`${group}.intensity`}
          value={coded.intensity}
          choices={INTENSITIES.map((key) => ({ key, name: key }))}
          onPick={(intensity) => onRevise({ intensity })}
        />
      ) : null}
      {options.sides && unit?.sides ? (
        <Choice
          name={t("Side")}
          group={`${group}.side`}
          value={coded.side}
          choices={SIDES.map((key) => ({ key, name: t(SIDE_NAMES[key]) }))}
          onPick={(side) => onRevise({ side })}
        />
      ) : null}
      {timed
        ? options.moments.map((moment) => {
            const at = coded[moment];
            return (
              <button
                key={moment}
                type="button"
                onClick={() => onRevise({ [moment]: Number(at_s.toFixed(6)) })}
              >
                {t("{moment} here", { moment: t(MOMENT_NAMES[moment]) })}
                <span className="clock"> {at === undefined ? "–" : clockText(at)}</span>
              </button>
            );
          })
        : null}
      <button type="button" className="quiet" onClick={onAnother}>
        {t("Once more")}
      </button>
      <button
        type="button"
        className="quiet"
        aria-label={t("Remove {unit}", { unit: coded.unit })}
        onClick={onRemove}
      >
        {t("Remove")}
      </button>
    </fieldset>
  );
}

interface ChoiceProps<K extends string> {
  name: string;
  group: string;
  choices: readonly { key: K; name: string }[];
  value: string | undefined;
  onPick(key: K): void;
}

function Choice<K extends string>({ name, group, choices, value, onPick }: ChoiceProps<K>) {
  return (
    <div className="facs-choice" role="radiogroup" aria-label={name}>
      {choices.map((one) => (
        <label key={one.key} className="chip">
          <input type="radio" name={group} checked={value === one.key} onChange={() => onPick(one.key)} />
          <span>{one.name}</span>
        </label>
      ))}
    </div>
  );
}

const MOMENTS_OF: Readonly<Record<string, readonly Moment[]>> = {
  none: [],
  apex: ["apex_s"],
  events: MOMENTS,
};
const NO_NEUTRAL = -1;

export const questionType = defineField<FacsOptions>({
  type: "facs",
  keys: [
    { keys: "R", does: "play the last frames again" },
    { keys: "K", does: "play or pause" },
    { keys: ", .", does: "one frame back or on" },
    { keys: "Ctrl+Z, Ctrl+Y", does: "undo, redo" },
  ],
  readOptions(reader) {
    const units = reader.each("units", (one) => ({
      key: one.text("key"),
      name: one.text("name"),
      part: one.text("part"),
      sides: one.flag("sides"),
    }));
    if (units.length === 0) throw reader.wrong("units", "a list with at least one unit");
    const moments = MOMENTS_OF[reader.text("timing", "none")];
    if (!moments) throw reader.wrong("timing", `"none", "apex" or "events"`);
    const neutral_s = reader.number("neutral_s", NO_NEUTRAL);
    return {
      units,
      moments,
      intensity: reader.flag("intensity", true),
      sides: reader.flag("sides", true),
      neutral_s: neutral_s >= 0 ? neutral_s : null,
      replayFrames: reader.number("replay_frames", 15),
    };
  },
  problem(value, options, question) {
    const codes = codesOf(value);
    if (codes === null)
      return question.required ? t("Please code what you see, or say that no unit is seen.") : null;
    return problemOf(codes, options);
  },
  View: FacsView,
});
