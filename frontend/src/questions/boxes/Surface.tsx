import type { KeyboardEvent, PointerEvent, ReactNode, RefObject } from "react";
import { t } from "../../words/words";
import { type Box, drawn, moved, type Point, resized } from "../parts/boxes";
import { useDrag } from "../parts/useDrag";

/** What a pointer does at present: it began at `from`; `index` null draws a new box. */
interface Drag {
  from: Point;
  index: number | null;
  corner: boolean;
  box: Box | null;
}

interface SurfaceProps {
  ref: RefObject<HTMLDivElement | null>;
  boxes: readonly Box[];
  /** What others drew before. */
  earlier: readonly Box[];
  /** The label of a box that is drawn now. */
  label: string;
  least: number;
  /** Whether a box belongs to what is shown now. */
  shows(box: Box): boolean;
  nameOf(key: string): string;
  onDraw(box: Box): void;
  onReplace(index: number, box: Box): void;
  onRemove(index: number): void;
  /** The picture or the frame. */
  children: ReactNode;
}

const STEP = 0.01;
const FINE_STEP = 0.002;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A picture on which boxes are drawn and moved with a pointer, and moved and sized with the arrow keys. */
export function Surface(props: SurfaceProps) {
  const { ref, boxes, earlier, label, least, shows, nameOf, onDraw, onReplace, onRemove, children } = props;
  const { drag, now, setDrag } = useDrag<Drag>();

  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const box = boxes[index];
    const way = ARROWS[event.key];
    if (!box || event.ctrlKey || event.metaKey) return;
    if (way) {
      event.preventDefault();
      const step = event.altKey ? FINE_STEP : STEP;
      const [dx, dy] = [way[0] * step, way[1] * step];
      onReplace(index, event.shiftKey ? resized(box, dx, dy, least) : moved(box, dx, dy));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      onRemove(index);
    }
  };

  const pointAt = (event: PointerEvent): Point => {
    const place = ref.current?.getBoundingClientRect();
    if (!place) return { x: 0, y: 0 };
    return { x: (event.clientX - place.left) / place.width, y: (event.clientY - place.top) / place.height };
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || !event.isPrimary) return;
    const target = event.target as HTMLElement;
    const own = target.closest<HTMLElement>("[data-box]");
    const index = own ? Number(own.dataset.box) : null;
    ref.current?.setPointerCapture(event.pointerId);
    setDrag({ from: pointAt(event), index, corner: target.dataset.corner !== undefined, box: null });
    if (own) own.focus();
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent) => {
    const begun = now.current;
    if (!begun || !event.isPrimary) return;
    const to = pointAt(event);
    const [dx, dy] = [to.x - begun.from.x, to.y - begun.from.y];
    const own = begun.index === null ? undefined : boxes[begun.index];
    if (!own) return setDrag({ ...begun, box: drawn(begun.from, to, label, least) });
    setDrag({ ...begun, box: begun.corner ? resized(own, dx, dy, least) : moved(own, dx, dy) });
  };
  const onPointerUp = ({ isPrimary }: PointerEvent) => {
    const done = now.current;
    if (!isPrimary) return;
    setDrag(null);
    if (!done?.box) return;
    if (done.index === null) onDraw(done.box);
    else onReplace(done.index, done.box);
  };

  return (
    <div
      className="box-surface"
      dir="ltr"
      ref={ref}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => setDrag(null)}
    >
      {children}
      {earlier.filter(shows).map((box, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a box has no name but its place in the list.
        <div key={`earlier ${index}`} className="box-earlier" style={placeOf(box)} aria-hidden="true">
          <span>{nameOf(box.label)}</span>
        </div>
      ))}
      {boxes.map((own, index) => {
        if (!shows(own)) return null;
        const box = drag?.index === index && drag.box ? drag.box : own;
        return (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: a box has no name but its place in the list.
            key={index}
            type="button"
            className="box"
            data-box={index}
            style={placeOf(box)}
            aria-label={t(
              "Number {number}: {label}, from left {x} %, from above {y} %, {width} % wide, {height} % high",
              { number: index + 1, label: nameOf(box.label), ...percents(box) },
            )}
            onKeyDown={(event) => onKeyDown(event, index)}
          >
            <span aria-hidden="true">{index + 1}</span>
            <i data-corner="" />
          </button>
        );
      })}
      {drag?.index === null && drag.box ? <div className="box" style={placeOf(drag.box)} /> : null}
    </div>
  );
}

const placeOf = ({ x, y, width, height }: Box) => ({
  left: `${100 * x}%`,
  top: `${100 * y}%`,
  width: `${100 * width}%`,
  height: `${100 * height}%`,
});

const percents = ({ x, y, width, height }: Box) => ({
  x: Math.round(100 * x),
  y: Math.round(100 * y),
  width: Math.round(100 * width),
  height: Math.round(100 * height),
});
