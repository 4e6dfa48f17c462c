import { t } from "../../words/words";
import { type Coded, INTENSITIES, type Unit } from "../parts/facs";
import { clockText } from "../parts/timeline";
import type { FacsOptions } from "./options";
import { MOMENT_NAMES, SIDE_NAMES } from "./told";

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

/** One unit that is seen: how strong, on which side, when. */
export function Code({ coded, unit, options, group, at_s, timed, onRevise, onRemove, onAnother }: CodeProps) {
  return (
    <fieldset className="mark-box facs-code">
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
          choices={options.sideChoices.map((key) => ({ key, name: SIDE_NAMES[key]() }))}
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
                {t("{moment} here", { moment: MOMENT_NAMES[moment]() })}
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
    <div className="mark-row facs-choice" role="radiogroup" aria-label={name}>
      {choices.map((one) => (
        <label key={one.key} className="chip">
          <input type="radio" name={group} checked={value === one.key} onChange={() => onPick(one.key)} />
          <span>{one.name}</span>
        </label>
      ))}
    </div>
  );
}
