import { Scope } from "../../base/scope";
import type { TraceRecorder } from "../../trace/recorder";
import type { Mover } from "./movers";
import { deviceOf } from "./pointer";

interface DragPorts {
  box: HTMLElement;
  recorder: TraceRecorder;
  mover: Mover;
  /** What a pixel upward moves, as a part of the range. */
  partPerPixel: number;
  live(): boolean;
}

/** A pressed pointer that pulls an unbounded value up and down: only its way counts, not its place. */
export class DragInput {
  private readonly ports: DragPorts;
  private readonly scope = new Scope();
  private lastY: number | null = null;

  constructor(ports: DragPorts) {
    this.ports = ports;
    const { scope } = this;
    scope.listen(ports.box, "pointerdown", (plain) => {
      const event = plain as PointerEvent;
      if (!ports.live() || !event.isPrimary) return;
      ports.box.setPointerCapture(event.pointerId);
      this.lastY = event.clientY;
    });
    scope.listen(ports.box, "pointermove", (event) => this.onMove(event as PointerEvent));
    for (const end of ["pointerup", "pointercancel"]) {
      scope.listen(ports.box, end, (event) => {
        if ((event as PointerEvent).isPrimary) this.lastY = null;
      });
    }
  }

  dispose(): void {
    this.scope.dispose();
  }

  private onMove(event: PointerEvent): void {
    const { recorder, mover, partPerPixel, live } = this.ports;
    if (this.lastY === null || !live() || !event.isPrimary) return;
    const burst = event.getCoalescedEvents?.() ?? [];
    for (const one of burst.length > 0 ? burst : [event]) {
      const way = this.lastY - one.clientY;
      this.lastY = one.clientY;
      recorder.value[mover.index] = mover.move(recorder.value[mover.index] ?? 0, way * partPerPixel);
      recorder.sample(deviceOf(event.pointerType), one.timeStamp, one.clientX, one.clientY);
    }
  }
}
