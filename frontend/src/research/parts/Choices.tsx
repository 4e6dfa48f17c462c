import { useId } from "react";
import { count } from "../data/format";

interface ChoicesProps {
  name: string;
  choices: readonly { key: string; label: string; n?: number }[];
  chosen: string;
  onChoose: (key: string) => void;
}

/** One of a few, as a row of chips. */
export function Choices({ name, choices, chosen, onChoose }: ChoicesProps) {
  const group = useId();
  return (
    <fieldset className="filter">
      <legend className="visually-hidden">{name}</legend>
      {choices.map(({ key, label, n }) => (
        <label key={key} className="chip">
          <input type="radio" name={group} checked={chosen === key} onChange={() => onChoose(key)} />
          {label} {n === undefined ? null : <span className="tabular soft">{count(n)}</span>}
        </label>
      ))}
    </fieldset>
  );
}
