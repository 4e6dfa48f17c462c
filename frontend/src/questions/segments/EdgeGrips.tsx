import type { PointerEvent } from "react";
import { dragged, type Edge, magnetsOf } from "../parts/edgedrag";
import type { Rules, Segment } from "../parts/timeline";
import { useDrag } from "../parts/useDrag";
import "./edgegrips.css";

/** An edge that is let go within so many pixels of another place is meant to be there. */
const REACH_PX = 8;

interface EdgeGripsProps {
  /** Keys of the labels, in the order of their lanes. */
  tracks: readonly string[];
  segments: readonly Segment[];
  rules: Rules;
  /** Where the medium stands. */
  here_s: number;
  /** The segment at `index` was dragged into another shape. */
  onDrag(index: number, segment: Segment): void;
}

interface Dragging {
  index: number;
  edge: Edge;
  segment: Segment;
}

/** Over the lanes: the ends of all segments for mouse and finger; the keys do the same. Stands in a `Playhead`. */
export function EdgeGrips({ tracks, segments, rules, here_s, onDrag }: EdgeGripsProps) {
  const { drag: dragging, now, setDrag } = useDrag<Dragging>();
  const { duration_s } = rules;

  const begin = (event: PointerEvent<HTMLElement>, index: number, edge: Edge) => {
    const segment = segments[index];
    // Not to the lane below, which would go to this place.
    event.stopPropagation();
    if (event.button !== 0 || !event.isPrimary || !segment) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ index, edge, segment });
  };
  const drag = (event: PointerEvent<HTMLElement>) => {
    if (!now.current || !event.isPrimary) return;
    event.stopPropagation();
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (!box) return;
    const { index, edge } = now.current;
    const pull = {
      to_s: ((event.clientX - box.left) / box.width) * duration_s,
      magnets: magnetsOf(segments, index, here_s),
      reach_s: (REACH_PX / box.width) * duration_s,
    };
    const segment = dragged(segments, index, edge, pull, rules);
    if (segment) setDrag({ index, edge, segment });
  };
  const drop = ({ isPrimary }: PointerEvent) => {
    const done = now.current;
    if (!isPrimary) return;
    setDrag(null);
    if (done && done.segment !== segments[done.index]) onDrag(done.index, done.segment);
  };

  const placed = (at_s: number, segment: Segment) => ({
    left: `${(100 * at_s) / duration_s}%`,
    "--track": tracks.indexOf(segment.label),
  });
  const grip = (index: number, edge: Edge, segment: Segment) => {
    const at_s = segment[edge];
    if (at_s === null) return null;
    return (
      <div
        key={`${index} ${edge}`}
        className="edge-grip"
        data-edge={edge}
        style={placed(at_s, segment)}
        onPointerDown={(event) => begin(event, index, edge)}
        onPointerMove={drag}
        onPointerUp={drop}
        onPointerCancel={() => setDrag(null)}
      />
    );
  };
  return (
    <div className="edge-grips" aria-hidden="true">
      {dragging ? (
        <div
          className="lane-mark pending edge-ghost"
          style={{
            ...placed(dragging.segment.start_s, dragging.segment),
            width: `${(100 * ((dragging.segment.end_s ?? duration_s) - dragging.segment.start_s)) / duration_s}%`,
          }}
        />
      ) : null}
      {segments.flatMap((one, index) => {
        const segment = dragging?.index === index ? dragging.segment : one;
        return [grip(index, "start_s", segment), grip(index, "end_s", segment)];
      })}
    </div>
  );
}
