import { type PointerEvent, type ReactNode, useRef, useState } from "react";
import type { Medium } from "../../desk/medium";
import { clamp } from "../../trace/padmap";
import { t } from "../../words/words";
import type { PresenterProps } from "../define";
import { EdgeHandle } from "./EdgeHandle";
import { between, type Edge, type Selection } from "./selection";
import { useDuration, useLoop, useLoopReport } from "./useLoop";
import "./selecting.css";

/** What a button selects, from where the recording stands. */
const FIRST_S = 2;
const EDGES: readonly Edge[] = ["from_s", "to_s"];

interface SelectingProps {
  media: Medium | null;
  onView: PresenterProps["onView"];
  /** The picture of the sound, on which a stretch is selected. */
  children: ReactNode;
}

/** A press and a drag select; a press alone takes the recording there. */
function useDrag(media: Medium | null, duration_s: number, select: (selection: Selection) => void) {
  const anchor = useRef<number | null>(null);
  const placeOf = (event: PointerEvent<HTMLElement>): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return clamp((event.clientX - left) / width, 0, 1) * duration_s;
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    anchor.current = placeOf(event);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const found = anchor.current === null ? null : between(anchor.current, placeOf(event), duration_s);
    if (found) select(found);
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    const at = anchor.current;
    anchor.current = null;
    if (at === null || !media) return;
    if (!between(at, placeOf(event), duration_s)) media.currentTime = at;
  };
  const onPointerCancel = () => {
    anchor.current = null;
  };
  return { onPointerDown, onPointerMove, onPointerUp, onPointerCancel };
}

/** Selects a stretch of a recording with mouse, finger or keys, and plays it in a loop. */
export function Selecting({ media, onView, children }: SelectingProps) {
  const [selection, setSelection] = useState<Selection | null>(null);
  const [looping, setLooping] = useState(false);
  const duration_s = useDuration(media);
  const looped = looping ? selection : null;
  useLoop(media, looped);
  useLoopReport(looped, onView);
  const drag = useDrag(media, duration_s, setSelection);

  const selectHere = () => {
    const from_s = clamp(media?.currentTime ?? 0, 0, Math.max(0, duration_s - FIRST_S));
    setSelection(between(from_s, from_s + FIRST_S, duration_s));
  };
  const loop = () => {
    setLooping(!looping);
    if (looping || !media || !selection) return;
    media.currentTime = selection.from_s;
    void media.play().catch(() => undefined);
  };
  const clear = () => {
    setLooping(false);
    setSelection(null);
  };
  return (
    <div className="selecting" dir="ltr">
      <div className="wave-frame" {...drag}>
        {children}
        {selection
          ? EDGES.map((edge) => (
              <EdgeHandle
                key={edge}
                edge={edge}
                selection={selection}
                duration_s={duration_s}
                onChange={setSelection}
              />
            ))
          : null}
        {selection ? (
          <div
            className="selection"
            style={{
              left: `${(100 * selection.from_s) / duration_s}%`,
              width: `${(100 * (selection.to_s - selection.from_s)) / duration_s}%`,
            }}
          />
        ) : null}
      </div>
      <div className="selecting-tools">
        {selection ? (
          <>
            <button type="button" className="quiet" aria-pressed={looping} onClick={loop}>
              {t("Loop the selection")}
            </button>
            <button type="button" className="quiet" onClick={clear}>
              {t("Clear the selection")}
            </button>
            <span className="hint">
              {t("{from} to {until} s", {
                from: selection.from_s.toFixed(1),
                until: selection.to_s.toFixed(1),
              })}
            </span>
          </>
        ) : (
          <button type="button" className="quiet" disabled={duration_s === 0} onClick={selectHere}>
            {t("Select a stretch")}
          </button>
        )}
      </div>
    </div>
  );
}
