import { useRef } from "react";
import type { Question } from "../../api/types";
import "./Tiles.css";
import { Complaint, Prompt, promptId } from "./Prompt";
import { useShortKeys } from "./useShortKeys";

export interface Tile {
  key: string;
  name: string;
}

interface TilesProps {
  question: Question;
  tiles: readonly Tile[];
  chosen: string | null;
  complaint: string | null;
  primary: boolean;
  /** The tiles are steps from one end to the other: they stand in one column. */
  steps?: boolean;
  onChoose(key: string): void;
}

/** A question with one answer out of a few, each also on a digit key. */
export function Tiles({ question, tiles, chosen, complaint, primary, steps, onChoose }: TilesProps) {
  const section = useRef<HTMLElement>(null);
  useShortKeys(section, primary, (place) => {
    const tile = tiles[place];
    if (tile) onChoose(tile.key);
  });
  return (
    <section className="question" ref={section}>
      <Prompt question={question} />
      <div className={steps ? "tiles steps" : "tiles"} role="radiogroup" aria-labelledby={promptId(question)}>
        {tiles.map((tile, place) => (
          <label key={tile.key} className="tile">
            <input
              type="radio"
              name={question.key}
              checked={chosen === tile.key}
              onChange={() => onChoose(tile.key)}
            />
            <span className="tile-name" dir="auto">
              {tile.name}
            </span>
            {place < 9 ? <kbd aria-hidden="true">{place + 1}</kbd> : null}
          </label>
        ))}
      </div>
      <Complaint text={complaint} />
    </section>
  );
}
