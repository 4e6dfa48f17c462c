import { t } from "../../words/words";
import type { Label } from "./labels";
import "./menu.css";

interface MenuProps {
  labels: readonly Label[];
  chosen: readonly string[];
  labelledBy: string;
  onTake(key: string): void;
}

/** Many labels to choose one of, as countries are: the browser's own menu, which is searched by typing. */
export function Menu({ labels, chosen, labelledBy, onTake }: MenuProps) {
  return (
    <select
      className="menu"
      aria-labelledby={labelledBy}
      value={labels.find(({ key }) => chosen.includes(key))?.key ?? ""}
      onChange={(event) => onTake(event.target.value)}
    >
      <option value="" disabled>
        {t("Please choose …")}
      </option>
      {labels.map(({ key, name }) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  );
}
