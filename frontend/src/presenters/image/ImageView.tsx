import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useRef, useState } from "react";
import type { Item } from "../../api/types";
import { t } from "../../words/words";
import type { PresenterProps } from "../define";
import { Missing } from "../parts/Missing";
import { People, TargetName } from "../parts/People";
import { useTimedMedium } from "../parts/useTimedMedium";
import { enlarged, shifted, WHOLE, type Zoomed } from "./zoom";
import "./image.css";

const STEP = 1.25;
const DOUBLE_CLICK = 2.5;
const SHIFT = 0.15;
const REPORT_MS = 250;

const KEYS: Readonly<Record<string, (now: Zoomed) => Zoomed>> = {
  "+": (now) => enlarged(now, STEP),
  "=": (now) => enlarged(now, STEP),
  "-": (now) => enlarged(now, 1 / STEP),
  "0": () => WHOLE,
  ArrowLeft: (now) => shifted(now, -SHIFT, 0),
  ArrowRight: (now) => shifted(now, SHIFT, 0),
  ArrowUp: (now) => shifted(now, 0, -SHIFT),
  ArrowDown: (now) => shifted(now, 0, SHIFT),
};

/** What was enlarged how far, once it stands still. */
function useReport(zoomed: Zoomed, onView: PresenterProps["onView"]): void {
  const largest = useRef(1);
  useEffect(() => {
    largest.current = Math.max(largest.current, zoomed.scale);
    const report = () => onView({ zoom: { ...zoomed }, largest_zoom: largest.current });
    const timer = setTimeout(report, REPORT_MS);
    return () => clearTimeout(timer);
  }, [zoomed, onView]);
}

/** Fingers and mouse: drag moves, two fingers enlarge, so does the wheel (once the picture has the focus). */
function usePointers(change: (next: (now: Zoomed) => Zoomed) => void) {
  const fingers = useRef(new Map<number, { x: number; y: number }>());
  const down = (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    const before = fingers.current.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
    fingers.current.set(event.pointerId, now);
    if (!other) return change((old) => shifted(old, (before.x - now.x) / width, (before.y - now.y) / height));
    const apart = (one: { x: number; y: number }) => Math.hypot(one.x - other.x, one.y - other.y);
    const middle = { x: ((now.x + other.x) / 2 - left) / width, y: ((now.y + other.y) / 2 - top) / height };
    if (apart(before) > 0) change((old) => enlarged(old, apart(now) / apart(before), middle.x, middle.y));
  };
  const up = (event: PointerEvent<HTMLElement>) => {
    fingers.current.delete(event.pointerId);
  };
  return { onPointerDown: down, onPointerMove: move, onPointerUp: up, onPointerCancel: up };
}

interface PictureProps {
  item: Item;
  url: string;
  onError(): void;
  onView: PresenterProps["onView"];
}

function Picture({ item, url, onError, onView }: PictureProps) {
  const [zoomed, setZoomed] = useState(WHOLE);
  const [image, setImage] = useState<HTMLImageElement | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useReport(zoomed, onView);
  const pointers = usePointers(setZoomed);

  useEffect(() => {
    const node = box.current;
    if (!node) return;
    // Not through React, whose wheel listeners are passive: enlarging must not also scroll the page.
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && document.activeElement !== node) return;
      event.preventDefault();
      const { left, top, width, height } = node.getBoundingClientRect();
      const factor = event.deltaY < 0 ? STEP : 1 / STEP;
      setZoomed((now) =>
        enlarged(now, factor, (event.clientX - left) / width, (event.clientY - top) / height),
      );
    };
    node.addEventListener("wheel", onWheel, { passive: false });
    return () => node.removeEventListener("wheel", onWheel);
  }, []);

  const onKey = (event: KeyboardEvent) => {
    const next = KEYS[event.key];
    if (!next || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    // The page's short keys answer questions; here they belong to the picture.
    event.stopPropagation();
    setZoomed(next);
  };
  const { scale, x, y } = zoomed;
  const percent = Math.round(scale * 100);
  return (
    <div className="picture">
      <div
        ref={box}
        className={scale > 1 ? "picture-box enlarged" : "picture-box"}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the picture is enlarged and moved with the keys.
        tabIndex={0}
        aria-label={t("Picture, {percent} %", { percent })}
        aria-keyshortcuts="+ - 0 ArrowLeft ArrowRight ArrowUp ArrowDown"
        onKeyDown={onKey}
        onDoubleClick={(event) => {
          const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
          const [right, down] = [(event.clientX - left) / width, (event.clientY - top) / height];
          setZoomed((now) => (now.scale > 1 ? WHOLE : enlarged(now, DOUBLE_CLICK, right, down)));
        }}
        {...pointers}
      >
        <img
          ref={setImage}
          className="medium"
          src={url}
          alt={t("The one to rate")}
          draggable={false}
          style={{ transform: `scale(${scale}) translate(${(0.5 - x) * 100}%, ${(0.5 - y) * 100}%)` }}
          onError={onError}
        />
        {scale > 1 ? null : <People item={item} media={image} />}
      </div>
      <TargetName item={item} />
      <div className="picture-tools" role="toolbar" aria-label={t("View of the picture")}>
        <button type="button" className="quiet" onClick={() => setZoomed((now) => enlarged(now, STEP))}>
          {t("Zoom in")}
        </button>
        <button type="button" className="quiet" onClick={() => setZoomed((now) => enlarged(now, 1 / STEP))}>
          {t("Zoom out")}
        </button>
        <button type="button" className="quiet" onClick={() => setZoomed(WHOLE)}>
          {t("Whole picture")}
        </button>
        <span className="hint" role="status">
          {percent} %
        </span>
      </div>
    </div>
  );
}

export function ImageView({ item, driven, onMedia, onView }: PresenterProps) {
  const [failed, setFailed] = useState(false);
  useTimedMedium(driven ? item.duration_s : null, onMedia);
  const fail = useCallback(() => setFailed(true), []);
  const { proxy } = item.media;
  if (!proxy || failed) return <Missing what={t("The picture")} />;
  // While it is rated continuously everybody sees the same: the whole picture.
  if (driven) return <img className="medium" src={proxy.url} alt={t("The one to rate")} onError={fail} />;
  return <Picture item={item} url={proxy.url} onError={fail} onView={onView} />;
}
