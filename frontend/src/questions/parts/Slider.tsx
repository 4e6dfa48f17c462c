import type { ReactNode } from "react";
import { t } from "../../words/words";
import { type Axis, middleOf, spokenAxis } from "./axes";
import "./slider.css";

interface SliderProps {
  axis: Axis;
  /** null: not answered yet. */
  value: number | null;
  /** Where the thumb stands before it is moved; null: there is none to be seen. */
  start: number | null;
  touched: boolean;
  /** Beside the two ends. */
  ends?: readonly [ReactNode, ReactNode];
  onValue(value: number): void;
}

/** A slider tells a value that was set from one that was only left: pressing the thumb where it stands sets it. */
export function Slider({ axis, value, start, touched, ends, onValue }: SliderProps) {
  const set = value !== null && touched;
  const state = set ? "" : start === null ? "untouched" : "resting";
  return (
    <div className="slider-row" dir="ltr">
      {ends?.[0]}
      <input
        type="range"
        className={`slider ${state}`}
        min={axis.min}
        max={axis.max}
        step={axis.step}
        value={value ?? start ?? middleOf(axis)}
        aria-label={spokenAxis(axis)}
        aria-valuetext={set ? String(value) : t("not set yet")}
        onChange={(event) => onValue(event.target.valueAsNumber)}
        onPointerUp={(event) => onValue(event.currentTarget.valueAsNumber)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          if (!event.ctrlKey && !event.metaKey) onValue(event.currentTarget.valueAsNumber);
        }}
      />
      {ends?.[1]}
    </div>
  );
}
