import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import type { JsonObject } from "../../api/types";
import { t } from "../../words/words";
import type { BoxOptions } from "../boxes";
import type { FieldProps } from "../define";
import { answerOfBoxes, type Box, boxesOf, central, drawn, moved, type Point, resized } from "../parts/boxes";
import { Complaint, Prompt, promptId } from "../parts/Prompt";
import { clockText } from "../parts/timeline";
import { useKeys } from "../parts/useKeys";
import { useMediaTime } from "../parts/useMediaTime";
import { useUndo } from "../parts/useUndo";
import "../segments.css";
import "./boxes.css";

/** What a pointer does at present: it began at `from`; `index` null draws a new box. */
interface Drag {
  from: Point;
  index: number | null;
  corner: boolean;
  box: Box | null;
}

const STEP = 0.01;
const FINE_STEP = 0.002;
const SAME_FRAME_S = 0.02;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function BoxesView({
  question,
  options,
  item,
  media,
  value,
  complaint,
  onChange,
}: FieldProps & { options: BoxOptions }) {
  const section = useRef<HTMLElement>(null);
  const surface = useRef<HTMLDivElement>(null);
  const at_s = useMediaTime(media);
  const [label, setLabel] = useState(options.labels[0]?.key ?? "");
  const [drag, setDrag] = useState<Drag | null>(null);
  const [said, setSaid] = useState("");
  const undoing = useUndo<JsonObject | null>(value, onChange);
  const answer = boxesOf(value);
  const boxes = answer ?? [];
  const moving = item.kind === "video";
  const nameOf = (key: string) => options.labels.find((one) => one.key === key)?.name ?? key;
  const onFrame = (box: Box) => box.at_s === undefined || Math.abs(box.at_s - at_s) <= SAME_FRAME_S;
  const set = (next: readonly Box[]) => undoing.change(answerOfBoxes(next));
  const replace = (index: number, box: Box) => set(boxes.map((own, place) => (place === index ? box : own)));
  const add = (box: Box) => {
    if (options.most !== null && boxes.length >= options.most)
      return setSaid(t("No more can be marked here."));
    media?.pause();
    set([...boxes, moving ? { ...box, at_s: Number(at_s.toFixed(6)) } : box]);
    setSaid(t("Added: {label}.", { label: nameOf(box.label) }));
    requestAnimationFrame(() => focusBox(boxes.length));
  };
  const focusBox = (index: number) =>
    surface.current?.querySelector<HTMLElement>(`[data-box="${index}"]`)?.focus();
  const remove = (index: number) => {
    set(boxes.filter((_, place) => place !== index));
    setSaid(t("Deleted."));
  };
  const choose = (index: number) => {
    const box = boxes[index];
    if (media && box?.at_s !== undefined) {
      media.pause();
      media.currentTime = box.at_s;
    }
    setTimeout(() => focusBox(index), 0);
  };

  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const box = boxes[index];
    const way = ARROWS[event.key];
    if (!box || event.ctrlKey || event.metaKey) return;
    if (way) {
      event.preventDefault();
      const step = event.altKey ? FINE_STEP : STEP;
      const [dx, dy] = [way[0] * step, way[1] * step];
      replace(index, event.shiftKey ? resized(box, dx, dy, options.least) : moved(box, dx, dy));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      remove(index);
    }
  };

  const pointAt = (event: PointerEvent): Point => {
    const place = surface.current?.getBoundingClientRect();
    if (!place) return { x: 0, y: 0 };
    return { x: (event.clientX - place.left) / place.width, y: (event.clientY - place.top) / place.height };
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const target = event.target as HTMLElement;
    const own = target.closest<HTMLElement>("[data-box]");
    const index = own ? Number(own.dataset.box) : null;
    surface.current?.setPointerCapture(event.pointerId);
    setDrag({ from: pointAt(event), index, corner: target.dataset.corner !== undefined, box: null });
    if (own) own.focus();
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!drag) return;
    const to = pointAt(event);
    const [dx, dy] = [to.x - drag.from.x, to.y - drag.from.y];
    const own = drag.index === null ? undefined : boxes[drag.index];
    if (!own) return setDrag({ ...drag, box: drawn(drag.from, to, label, options.least) });
    setDrag({ ...drag, box: drag.corner ? resized(own, dx, dy, options.least) : moved(own, dx, dy) });
  };
  const onPointerUp = () => {
    if (drag?.box) {
      if (drag.index === null) add(drag.box);
      else replace(drag.index, drag.box);
    }
    setDrag(null);
  };

  useKeys(section, {
    b: () => add(central(label)),
    "mod+z": undoing.undo,
    "mod+y": undoing.redo,
    "mod+shift+z": undoing.redo,
  });

  return (
    <section className="question boxes" ref={section} aria-labelledby={promptId(question)}>
      <Prompt question={question} />
      <fieldset className="segment-labels">
        <legend>{t("What is marked next")}</legend>
        {options.labels.map((one) => (
          <label key={one.key} className="chip">
            <input
              type="radio"
              name={`${question.key}.label`}
              checked={label === one.key}
              onChange={() => setLabel(one.key)}
            />
            <span>{one.name}</span>
          </label>
        ))}
      </fieldset>
      <div
        className="box-surface"
        dir="ltr"
        ref={surface}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => setDrag(null)}
      >
        {moving ? (
          <Frame media={media} at_s={at_s} />
        ) : (
          <img src={item.media.proxy?.url} alt={t("The picture to mark")} draggable={false} />
        )}
        {boxes.map((own, index) => {
          if (!onFrame(own)) return null;
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
                {
                  number: index + 1,
                  label: nameOf(box.label),
                  ...percents(box),
                },
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
      <div className="segment-tools">
        <button type="button" onClick={() => add(central(label))}>
          {t("New box")} <kbd aria-hidden="true">B</kbd>
        </button>
        <button type="button" className="quiet" disabled={!undoing.undo} onClick={() => undoing.undo?.()}>
          {t("Undo")}
        </button>
        <button type="button" className="quiet" disabled={!undoing.redo} onClick={() => undoing.redo?.()}>
          {t("Redo")}
        </button>
        <button type="button" className="quiet" disabled={answer !== null} onClick={() => set([])}>
          {t("There is nothing to mark")}
        </button>
      </div>
      <p className="hint" role="status">
        {answer?.length === 0 ? t("Nothing is marked, and that is your answer.") : said}
      </p>
      {boxes.length > 0 ? (
        <ol className="mark-list" aria-label={t("What you have marked")}>
          {boxes.map((box, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a box has no name but its place in the list.
            <li key={index}>
              <button type="button" onClick={() => choose(index)}>
                {nameOf(box.label)}
                {box.at_s === undefined ? null : ` ${clockText(box.at_s)}`}
              </button>
              <button
                type="button"
                className="quiet"
                aria-label={t("Remove number {number}", { number: index + 1 })}
                onClick={() => remove(index)}
              >
                {t("Remove")}
              </button>
            </li>
          ))}
        </ol>
      ) : null}
      <Complaint text={complaint} />
    </section>
  );
}

/** The frame of a video that is shown now, in its natural size. */
function Frame({ media, at_s }: { media: HTMLMediaElement | null; at_s: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another time is another frame.
  useEffect(() => {
    const node = canvas.current;
    if (!node || !(media instanceof HTMLVideoElement)) return;
    const draw = () => {
      if (media.videoWidth === 0) return;
      if (node.width !== media.videoWidth) node.width = media.videoWidth;
      if (node.height !== media.videoHeight) node.height = media.videoHeight;
      node.getContext("2d")?.drawImage(media, 0, 0);
    };
    draw();
    media.addEventListener("loadeddata", draw);
    media.addEventListener("seeked", draw);
    return () => {
      media.removeEventListener("loadeddata", draw);
      media.removeEventListener("seeked", draw);
    };
  }, [media, at_s]);
  return <canvas ref={canvas} role="img" aria-label={t("The frame to mark")} />;
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
