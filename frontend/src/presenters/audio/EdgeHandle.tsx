import type { KeyboardEvent, PointerEvent } from "react";
import { clamp } from "../../trace/padmap";
import { t } from "../../words/words";
import { type Edge, type Selection, withEdge } from "./selection";

const STEP_S = 0.1;
const WIDE_STEP_S = 1;

interface EdgeProps {
  edge: Edge;
  selection: Selection;
  duration_s: number;
  onChange(selection: Selection): void;
}

/** One end of a selection, for fingers and keys. */
export function EdgeHandle({ edge, selection, duration_s, onChange }: EdgeProps) {
  const at_s = selection[edge];
  const goTo = (to_s: number) => onChange(withEdge(selection, edge, to_s, duration_s));
  const onKey = (event: KeyboardEvent) => {
    const step_s = event.shiftKey ? WIDE_STEP_S : STEP_S;
    const to_s = {
      ArrowLeft: at_s - step_s,
      ArrowDown: at_s - step_s,
      ArrowRight: at_s + step_s,
      ArrowUp: at_s + step_s,
      Home: 0,
      End: duration_s,
    }[event.key];
    if (to_s === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    goTo(to_s);
  };
  const onMove = (event: PointerEvent<HTMLElement>) => {
    const frame = event.currentTarget.parentElement?.getBoundingClientRect();
    if (!frame || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    event.stopPropagation();
    goTo(clamp((event.clientX - frame.left) / frame.width, 0, 1) * duration_s);
  };
  const keepTo = (event: PointerEvent<HTMLElement>) => {
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  return (
    <div
      className="selection-edge"
      data-edge={edge}
      style={{ left: `${(100 * at_s) / duration_s}%` }}
      role="slider"
      tabIndex={0}
      aria-label={edge === "from_s" ? t("Start of the selection") : t("End of the selection")}
      aria-valuemin={0}
      aria-valuemax={duration_s}
      aria-valuenow={at_s}
      aria-valuetext={t("{time} s", { time: at_s.toFixed(1) })}
      onKeyDown={onKey}
      onPointerDown={keepTo}
      onPointerMove={onMove}
    />
  );
}
