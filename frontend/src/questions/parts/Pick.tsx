import { t } from "../../words/words";
import "./marks.css";

interface PickProps {
  name: string;
  choices: readonly { key: string; name: string }[];
  value: string;
  /** An answer once given can be taken back. */
  clearable?: boolean;
  onPick(key: string): void;
}

/** One of many, in a list that opens; an empty value asks to choose. */
export function Pick({ name, choices, value, clearable = false, onPick }: PickProps) {
  return (
    <label className="mark-row">
      <span>{name}</span>
      <select className="mark-field" value={value} onChange={(event) => onPick(event.target.value)}>
        {clearable || value === "" ? <option value="">{t("choose")}</option> : null}
        {choices.map((one) => (
          <option key={one.key} value={one.key}>
            {one.name}
          </option>
        ))}
      </select>
    </label>
  );
}
