import { t } from "../../words/words";
import type { MarkLabel } from "./markoptions";
import "./marks.css";

interface LabelChipsProps {
  /** Keeps the chips of one question apart from those of another. */
  name: string;
  labels: readonly MarkLabel[];
  chosen: string;
  onChoose(key: string): void;
}

/** Which label the next mark gets. */
export function LabelChips({ name, labels, chosen, onChoose }: LabelChipsProps) {
  return (
    <fieldset className="mark-group">
      <legend>{t("What is marked next")}</legend>
      {labels.map((one) => (
        <label key={one.key} className="chip" title={one.definition || undefined}>
          <input
            type="radio"
            name={`${name}.label`}
            checked={chosen === one.key}
            onChange={() => onChoose(one.key)}
          />
          <span>{one.name}</span>
        </label>
      ))}
    </fieldset>
  );
}
