import { Scope } from "../../base/scope";
import type { TraceRecorder } from "../../trace/recorder";
import { type WheelTurn, wheelTurn } from "../../trace/wheel";
import type { Mover } from "./movers";

interface WheelPorts {
  /** Where the wheel counts; the window, where a pointer that drifts off must not end it. */
  target: EventTarget;
  recorder: TraceRecorder;
  mover: Mover;
  /** What one notch of a wheel moves, as a part of the range. */
  notch: number;
  live(): boolean;
}

/** Wheel and touch pad: upward raises the value; equal turns move equally far on every device. */
export class WheelInput {
  private readonly scope = new Scope();
  private readonly turn: WheelTurn = { notches: 0, device: "wheel" };

  constructor({ target, recorder, mover, notch, live }: WheelPorts) {
    const onWheel = (plain: Event) => {
      const event = plain as WheelEvent;
      if (event.ctrlKey) return; // a pinch zooms the page
      if (!live()) return;
      event.preventDefault();
      wheelTurn(event, this.turn);
      if (this.turn.notches === 0) return;
      const { index } = mover;
      recorder.value[index] = mover.move(recorder.value[index] ?? 0, this.turn.notches * notch);
      recorder.sample(this.turn.device, event.timeStamp, event.deltaY, event.deltaMode);
    };
    this.scope.listen(target, "wheel", onWheel, { passive: false });
  }

  dispose(): void {
    this.scope.dispose();
  }
}
