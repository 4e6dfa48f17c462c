import type { Label } from "./labels";

interface LabelTilesProps {
  labels: readonly Label[];
  name: string;
  multiple: boolean;
  chosen: readonly string[];
  /** Number on the first tile's key; 0: no keys. */
  firstKey: number;
  className?: string;
  onTake(key: string): void;
}

/** Labels as large radio buttons or boxes to tick. */
export function LabelTiles({
  labels,
  name,
  multiple,
  chosen,
  firstKey,
  className = "",
  onTake,
}: LabelTilesProps) {
  return (
    <div className={`tiles ${className}`}>
      {labels.map((label, index) => (
        <label key={label.key} className="tile">
          <input
            type={multiple ? "checkbox" : "radio"}
            name={name}
            checked={chosen.includes(label.key)}
            onChange={() => onTake(label.key)}
          />
          <span className="tile-name" dir="auto">
            {label.name}
          </span>
          {firstKey > 0 && index + firstKey <= 9 ? <kbd aria-hidden="true">{index + firstKey}</kbd> : null}
          {label.definition ? (
            <span className="tile-definition" dir="auto">
              {label.definition}
            </span>
          ) : null}
        </label>
      ))}
    </div>
  );
}
