import { type CSSProperties, type KeyboardEvent, useRef, useState } from "react";
import { t } from "../../words/words";
import { type Axis, stepsOf } from "./axes";
import { Face } from "./drawings/Face";
import { type Cell, gridStep, rim } from "./gridmap";
import "../../desk/axis.css";
import "./square.css";

interface SquareProps {
  across: Axis;
  up: Axis;
  /** Faces around the square in place of words. */
  faces: boolean;
  /** Top left, top right, bottom left, bottom right; or none. */
  corners: readonly string[];
  labelledBy: string;
  point: { across: number | null; up: number | null };
  onPoint(across: number, up: number): void;
}

const FACES_PER_SIDE = 5;
const CORNERS = ["top left", "top right", "bottom left", "bottom right"];

/** A square of cells, answered with one click or with arrows and Space. Never mirrored. */
export function AffectSquare(props: SquareProps) {
  const { across, up, faces, corners } = props;
  return (
    <div className={faces ? "square with-faces" : "square"} dir="ltr">
      {faces ? <RimOfFaces /> : <Edges across={across} up={up} />}
      <div className="square-field">
        <Cells {...props} />
        {corners.map((word, index) => (
          <span
            key={CORNERS[index]}
            className={`square-corner ${CORNERS[index]}`}
            dir="auto"
            aria-hidden="true"
          >
            {word}
          </span>
        ))}
      </div>
    </div>
  );
}

function Edges({ across, up }: Pick<SquareProps, "across" | "up">) {
  const words = { top: up.highLabel, bottom: up.lowLabel, left: across.lowLabel, right: across.highLabel };
  return Object.entries(words).map(([side, word]) => (
    <span key={side} className={`axis axis-${side}`} dir="auto" aria-hidden="true">
      {word}
    </span>
  ));
}

/** Faces as they look at each place of the rim: pleasant to the right, awake above. */
function RimOfFaces() {
  return rim(FACES_PER_SIDE).map(({ across, up }) => (
    <span
      key={`${across} ${up}`}
      className="square-face"
      style={{ "--across": across, "--up": up } as CSSProperties}
    >
      <Face valence={2 * across - 1} arousal={up} />
    </span>
  ));
}

function Cells({ across, up, corners, labelledBy, point, onPoint }: SquareProps) {
  const grid = useRef<HTMLDivElement>(null);
  const columns = stepsOf(across);
  const rows = stepsOf(up).reverse();
  const [current, setCurrent] = useState<Cell | null>(null);
  const chosen: Cell | null =
    point.across === null || point.up === null
      ? null
      : { column: columns.indexOf(point.across), row: rows.indexOf(point.up) };
  const middle = { column: (columns.length - 1) >> 1, row: (rows.length - 1) >> 1 };
  const stop = current ?? chosen ?? middle;

  const take = ({ column, row }: Cell) => {
    const [x, y] = [columns[column], rows[row]];
    if (x !== undefined && y !== undefined) onPoint(x, y);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      take(stop);
      return;
    }
    const next = gridStep(stop, event.key, columns.length, rows.length);
    if (!next) return;
    event.preventDefault();
    grid.current?.querySelector<HTMLElement>(`[data-cell="${next.column},${next.row}"]`)?.focus();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table's cells are no places to choose; this is the ARIA grid
    <div
      className="square-cells"
      role="grid"
      aria-labelledby={labelledBy}
      data-corners={corners.length > 0}
      ref={grid}
      style={{ "--columns": columns.length } as CSSProperties}
    >
      {rows.map((y, row) => (
        // biome-ignore lint/a11y/useSemanticElements: as above
        // biome-ignore lint/a11y/useFocusableInteractive: its cells have the focus
        <div key={y} role="row" className="square-row">
          {columns.map((x, column) => {
            const here = { column, row };
            const is = (cell: Cell | null) => cell?.column === column && cell.row === row;
            return (
              // biome-ignore lint/a11y/useSemanticElements: as above
              <div
                key={x}
                role="gridcell"
                className="square-cell"
                data-cell={`${column},${row}`}
                data-middle={column === middle.column || row === middle.row}
                tabIndex={is(stop) ? 0 : -1}
                aria-selected={is(chosen)}
                aria-label={t("{across} {x}, {up} {y}", { across: across.name, x, up: up.name, y })}
                onFocus={() => setCurrent(here)}
                onKeyDown={onKeyDown}
                onClick={() => take(here)}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}
