import { useRef } from "react";
import { t } from "../../words/words";
import type { FieldProps } from "../define";
import { codesOf, extentOf, timesSeen } from "../parts/facs";
import { MarkTools } from "../parts/MarkTools";
import { Complaint, Prompt, promptId } from "../parts/Prompt";
import { clockText } from "../parts/timeline";
import { useKeys } from "../parts/useKeys";
import { useMediaTime } from "../parts/useMediaTime";
import { undoKeys } from "../parts/useUndo";
import { Code } from "./Code";
import { CodedLanes } from "./CodedLanes";
import { frameAt } from "./frame";
import { Neutral } from "./Neutral";
import type { FacsOptions } from "./options";
import { partName } from "./told";
import { useFacs } from "./useFacs";
import { useFrames } from "./useFrames";
import "../parts/marks.css";
import "../parts/playhead.css";
import "./facs.css";

export function View(props: FieldProps & { options: FacsOptions }) {
  const { question, options, item, media, complaint } = props;
  const section = useRef<HTMLElement>(null);
  const at_s = useMediaTime(media);
  const coding = useFacs(options, props);
  const frames = useFrames(media, item, options.replayFrames);
  const { answer, codes } = coding;
  const earlier = props.earlier.map((value) => codesOf(value) ?? []);
  const timed = item.duration_s !== null && earlier.flat().some(extentOf);
  const neutral = options.neutral_s === null ? null : frameAt(item, options.neutral_s);
  useKeys(section, {
    k: frames.toggle,
    r: frames.again,
    ",": () => frames.step(-1),
    ".": () => frames.step(1),
    ...undoKeys(coding.steps),
  });

  const parts = [...new Set(options.units.map((unit) => unit.part))];
  return (
    <section className="question facs" ref={section} aria-labelledby={promptId(question)}>
      <Prompt question={question} />
      {neutral && options.neutral_s !== null ? <Neutral frame={neutral} at_s={options.neutral_s} /> : null}
      {media ? (
        <div className="transport">
          <button type="button" onClick={frames.again}>
            {t("Play the last {n} frames", { n: options.replayFrames })}
          </button>
          <button type="button" aria-label={t("One frame back")} onClick={() => frames.step(-1)}>
            ◂
          </button>
          <span className="clock">{clockText(at_s)}</span>
          <button type="button" aria-label={t("One frame on")} onClick={() => frames.step(1)}>
            ▸
          </button>
        </div>
      ) : null}
      {media && timed ? (
        <CodedLanes
          {...{ codes, earlier, at_s }}
          units={options.units}
          duration_s={item.duration_s ?? 0}
          onSeek={frames.seek}
        />
      ) : null}
      <div className="mark-tools facs-typing">
        <label>
          {t("Codes, such as 12C or L14B")}
          <input
            className="mark-field"
            type="text"
            value={coding.typed}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => coding.setTyped(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
              event.preventDefault();
              coding.write();
            }}
          />
        </label>
        <button type="button" onClick={coding.write}>
          {t("Add")}
        </button>
        <MarkTools
          steps={coding.steps}
          open={answer === null}
          nothing={t("No unit is seen")}
          onNothing={coding.nothing}
        />
      </div>
      <p className="hint" role="status">
        {answer?.length === 0 ? t("No unit is seen, and that is your answer.") : coding.said}
      </p>
      {codes.map((coded, index) => (
        <Code
          // biome-ignore lint/suspicious/noArrayIndexKey: a code has no name but its place in the list.
          key={index}
          {...{ coded, options, at_s, timed: media !== null }}
          group={`${question.key}.${index}`}
          unit={options.units.find((unit) => unit.key === coded.unit)}
          onRevise={(part) => coding.revise(index, part)}
          onRemove={() => coding.remove(index)}
          onAnother={() => coding.another(index)}
        />
      ))}
      {parts.map((part) => (
        <fieldset key={part} className="mark-group facs-part">
          <legend>{partName(part)}</legend>
          {options.units
            .filter((unit) => unit.part === part)
            .map((unit) => (
              <label key={unit.key} className="chip">
                <input
                  type="checkbox"
                  checked={coding.has(unit.key)}
                  onChange={() => coding.toggle(unit.key)}
                />
                <span>
                  <b>{unit.key}</b> {unit.name}
                </span>
                <Times n={timesSeen(unit.key, earlier)} />
              </label>
            ))}
        </fieldset>
      ))}
      <Complaint text={complaint} />
    </section>
  );
}

/** How often a unit was coded before; in words it stands in the list of what the raters answered. */
function Times({ n }: { n: number }) {
  if (n === 0) return null;
  return (
    <span className="facs-before" aria-hidden="true">
      × {n}
    </span>
  );
}
