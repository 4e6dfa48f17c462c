import { Scope } from "../../base/scope";
import type { Store } from "../../base/store";
import { clamp } from "../../trace/padmap";
import { type Extent, type Look, snapped } from "./look";
import { pan, zoom } from "./pyramid";
import { LABEL_PX } from "./screen";

/** Farther than this a press is a drag and sets no cursor. */
const CLICK_PX = 4;
const WHEEL_ZOOM = 1.2;

/** Drag pans, two fingers zoom, a click chooses a time, Ctrl and the wheel zoom. Returns the end of it. */
export function attachPointer(
  canvas: HTMLCanvasElement,
  look: Store<Look>,
  extent: Extent,
  onClick: (time_s: number) => void,
): () => void {
  const scope = new Scope();
  const fingers = new Map<number, number>();
  let dragged = 0;
  const width = () => Math.max(1, canvas.clientWidth - LABEL_PX);
  const placeOf = (clientX: number) =>
    clamp((clientX - canvas.getBoundingClientRect().left - LABEL_PX) / width(), 0, 1);
  const panBy = (part: number) => {
    const old = look.get();
    look.set({ ...old, ...pan(old, part, extent.duration_s) });
  };
  const zoomAt = (factor: number, place: number) => {
    const old = look.get();
    look.set({ ...old, ...zoom(old, factor, place, extent.duration_s) });
  };
  const on = <E extends Event>(
    type: string,
    handler: (event: E) => void,
    options?: AddEventListenerOptions,
  ) => scope.listen(canvas, type, handler as (event: Event) => void, options);

  on<PointerEvent>("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event.clientX);
    dragged = fingers.size > 1 ? Number.POSITIVE_INFINITY : 0;
  });
  on<PointerEvent>("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    fingers.set(event.pointerId, event.clientX);
    dragged += Math.abs(event.clientX - before);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) return panBy((before - event.clientX) / width());
    const [old, now] = [Math.abs(before - other), Math.abs(event.clientX - other)];
    if (old > CLICK_PX && now > CLICK_PX) zoomAt(now / old, placeOf((event.clientX + other) / 2));
  });
  on<PointerEvent>("pointerup", (event) => {
    if (fingers.has(event.pointerId) && dragged < CLICK_PX) {
      const { from_s, length_s } = look.get();
      onClick(snapped(from_s + placeOf(event.clientX) * length_s, extent));
    }
    fingers.delete(event.pointerId);
  });
  on<PointerEvent>("pointercancel", (event) => fingers.delete(event.pointerId));
  // Not through React, whose wheel listeners are passive: zooming must not also scroll the page.
  const onWheel = (event: WheelEvent) => {
    if (!event.ctrlKey && Math.abs(event.deltaX) < Math.abs(event.deltaY)) return;
    event.preventDefault();
    if (event.ctrlKey) zoomAt(event.deltaY < 0 ? WHEEL_ZOOM : 1 / WHEEL_ZOOM, placeOf(event.clientX));
    else panBy(event.deltaX / width());
  };
  on<WheelEvent>("wheel", onWheel, { passive: false });
  return () => scope.dispose();
}
