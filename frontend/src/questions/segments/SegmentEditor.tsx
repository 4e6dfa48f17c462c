import { t } from "../../words/words";
import { Pick } from "../parts/Pick";
import type { Segment } from "../parts/timeline";
import type { SegmentOptions } from "./options";
import { EDGES, type Edge, timeOf } from "./told";

interface EditorProps {
  options: SegmentOptions;
  segment: Segment;
  number: number;
  edges: readonly Edge[];
  /** Where an edge goes that is put where the medium stands. */
  here(edge: Edge): number;
  nudge(edge: Edge, steps: number): void;
  revise(part: Partial<Segment>): void;
  remove(): void;
}

/** The attributes with one more; an empty choice takes it back. */
const withAttribute = ({ attributes }: Segment, key: string, choice: string): Segment["attributes"] =>
  Object.fromEntries(Object.entries({ ...attributes, [key]: choice }).filter(([, chosen]) => chosen !== ""));

/** Changes the segment that is chosen. */
export function SegmentEditor(props: EditorProps) {
  const { options, segment, number, edges, here, nudge, revise, remove } = props;
  return (
    <fieldset className="mark-box">
      <legend>{t("Change number {number}", { number })}</legend>
      {edges.map((edge) => (
        <div key={edge} className="mark-row nudge">
          <span>{EDGES[edge]()}</span>
          <button
            type="button"
            aria-label={t("{edge} earlier", { edge: EDGES[edge]() })}
            onClick={() => nudge(edge, -1)}
          >
            −
          </button>
          <span className="clock">{timeOf(segment, edge)}</span>
          <button
            type="button"
            aria-label={t("{edge} later", { edge: EDGES[edge]() })}
            onClick={() => nudge(edge, 1)}
          >
            +
          </button>
          <button
            type="button"
            aria-label={t("{edge} here", { edge: EDGES[edge]() })}
            onClick={() => revise({ [edge]: here(edge) })}
          >
            {t("here")}
          </button>
        </div>
      ))}
      <Pick
        name={t("What")}
        choices={options.labels}
        value={segment.label}
        onPick={(key) => revise({ label: key })}
      />
      {options.attributes.map((attribute) => (
        <Pick
          key={attribute.key}
          name={attribute.name}
          choices={attribute.choices}
          value={segment.attributes[attribute.key] ?? ""}
          clearable={!attribute.required}
          onPick={(key) => revise({ attributes: withAttribute(segment, attribute.key, key) })}
        />
      ))}
      <button type="button" className="danger" onClick={remove}>
        {t("Delete")}
      </button>
    </fieldset>
  );
}
