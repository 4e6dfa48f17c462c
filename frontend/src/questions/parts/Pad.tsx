import type { ReactNode, Ref } from "react";
import { t } from "../../words/words";
import type { Axis } from "./trace";
import "../../desk/axis.css";

interface PadProps {
  x: Axis;
  y: Axis;
  pad: Ref<HTMLDivElement>;
  cover: ReactNode;
}

/** A plane of two dimensions with its anchors. Never mirrored. */
export function Pad({ x, y, pad, cover }: PadProps) {
  const label = t(
    "Rating field: {x} to the right, from {left} to {right}; {y} upward, from {low} to {high}",
    {
      x: x.name,
      left: x.lowLabel,
      right: x.highLabel,
      y: y.name,
      low: y.lowLabel,
      high: y.highLabel,
    },
  );
  return (
    <div className="pad-frame" dir="ltr">
      <span className="axis axis-top" dir="auto">
        {y.highLabel}
      </span>
      <span className="axis axis-left" dir="auto">
        {x.lowLabel}
      </span>
      <div
        className={x.min > x.max ? "pad turned" : "pad"}
        ref={pad}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the dot is moved with the keys.
        tabIndex={0}
        aria-label={label}
      >
        <div className="pad-grid" aria-hidden="true" />
        <canvas aria-hidden="true" />
        {cover}
      </div>
      <span className="axis axis-right" dir="auto">
        {x.highLabel}
      </span>
      <span className="axis axis-bottom" dir="auto">
        {y.lowLabel}
      </span>
    </div>
  );
}
