import { Scope } from "../../base/scope";
import { type Range, valueAt } from "../../trace/padmap";
import type { InputDevice, TraceRecorder } from "../../trace/recorder";

export interface Place {
  index: number;
  range: Range;
}

interface PointerPorts {
  box: HTMLElement;
  recorder: TraceRecorder;
  /** The dimension that lies along the width, and the one along the height; one of them may be null. */
  x: Place | null;
  y: Place | null;
  live(): boolean;
}

/** Of several fingers the first one counts; a pen above the screen points at nothing yet. */
const counts = ({ isPrimary, pointerType, buttons }: PointerEvent): boolean =>
  isPrimary && (pointerType === "mouse" || buttons !== 0);

export const deviceOf = (type: string): InputDevice => (type === "touch" || type === "pen" ? type : "mouse");

/** Mouse, finger and pen on a field, turned into samples with the time of the event itself. */
export class PointerInput {
  private readonly ports: PointerPorts;
  private readonly scope = new Scope();
  private box: DOMRect;
  /** The one that pointed last. */
  private pointer = Number.NaN;

  constructor(ports: PointerPorts) {
    this.ports = ports;
    this.box = ports.box.getBoundingClientRect();
    const { scope } = this;
    scope.listen(ports.box, "pointerdown", (event) => this.onDown(event as PointerEvent));
    scope.listen(ports.box, "pointermove", (event) => this.onMove(event as PointerEvent));
    // A fast mouse leaves between two moves: the place where it left holds the dot at the right edge.
    scope.listen(ports.box, "pointerleave", (event) => this.onLeave(event as PointerEvent));
  }

  dispose(): void {
    this.scope.dispose();
  }

  private onDown(event: PointerEvent): void {
    const { box, live } = this.ports;
    if (!live() || !counts(event)) return;
    this.box = box.getBoundingClientRect();
    box.setPointerCapture(event.pointerId);
    this.take(event, true);
  }

  private onMove(event: PointerEvent): void {
    if (!counts(event)) return;
    this.box = this.ports.box.getBoundingClientRect();
    const burst = event.getCoalescedEvents?.() ?? [];
    for (let i = 0; i < burst.length - 1; i++) this.take(burst[i] as PointerEvent, false);
    this.take(burst.at(-1) ?? event, true);
  }

  /** After a pen has gone, browsers tell of a mouse that leaves where the pen was last. */
  private onLeave(event: PointerEvent): void {
    if (counts(event) && event.pointerId === this.pointer) this.take(event, true);
  }

  private take(event: PointerEvent, last: boolean): void {
    const { recorder, x, y, live } = this.ports;
    this.pointer = event.pointerId;
    if (!live()) return;
    const { box } = this;
    const left = event.clientX - box.left;
    const top = event.clientY - box.top;
    if (x) recorder.value[x.index] = valueAt(left / box.width, x.range);
    if (y) recorder.value[y.index] = valueAt(1 - top / box.height, y.range);
    recorder.sample(deviceOf(event.pointerType), event.timeStamp, left, top, last);
  }
}
