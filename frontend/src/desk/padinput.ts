import { Scope } from "../base/scope";
import { directionOf, KeyMotion } from "../trace/keymotion";
import { moveBy, pointerToValue, type Range } from "../trace/padmap";
import type { InputDevice, TraceRecorder } from "../trace/recorder";

interface PadInputPorts {
  pad: HTMLElement;
  recorder: TraceRecorder;
  x: Range;
  y: Range;
  /** Moves count only while this is true. */
  live(): boolean;
}

const deviceOf = (type: string): InputDevice => (type === "touch" || type === "pen" ? type : "mouse");

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, dialog") !== null;
}

/** Pointer and keyboard on the pad, turned into samples with the time of the event itself. */
export class PadInput {
  private readonly ports: PadInputPorts;
  private readonly scope = new Scope();
  private readonly keys = new KeyMotion();
  private readonly motion = { x: 0, y: 0 };
  private box: DOMRect;

  constructor(ports: PadInputPorts) {
    this.ports = ports;
    this.box = ports.pad.getBoundingClientRect();
    this.listenToPointers();
    this.listenToKeys();
  }

  /** Moves the dot by the keys held; once per animation frame. */
  frame(atMs: number): void {
    const { recorder, x, y, live } = this.ports;
    const mask = this.keys.mask;
    this.keys.take(atMs, this.motion);
    if (!live() || (this.motion.x === 0 && this.motion.y === 0)) return;
    const beforeX = recorder.value[0] ?? 0;
    const beforeY = recorder.value[1] ?? 0;
    recorder.value[0] = moveBy(beforeX, this.motion.x, x);
    recorder.value[1] = moveBy(beforeY, this.motion.y, y);
    recorder.sample("keyboard", atMs, mask);
  }

  dispose(): void {
    this.scope.dispose();
  }

  private listenToPointers(): void {
    const { pad } = this.ports;
    const { scope } = this;
    scope.listen(pad, "pointerdown", (event) => this.onDown(event as PointerEvent));
    scope.listen(pad, "pointermove", (event) => this.onMove(event as PointerEvent));
    // A fast mouse leaves between two moves: the place where it left holds the dot at the right edge.
    scope.listen(pad, "pointerleave", (event) => this.take(event as PointerEvent, true));
  }

  private onDown(event: PointerEvent): void {
    const { pad, live } = this.ports;
    if (!live()) return;
    this.box = pad.getBoundingClientRect();
    pad.setPointerCapture(event.pointerId);
    this.take(event, true);
  }

  private onMove(event: PointerEvent): void {
    if (event.pointerType !== "mouse" && event.buttons === 0) return;
    this.box = this.ports.pad.getBoundingClientRect();
    const burst = event.getCoalescedEvents?.() ?? [];
    for (let i = 0; i < burst.length - 1; i++) this.take(burst[i] as PointerEvent, false);
    this.take(burst.at(-1) ?? event, true);
  }

  private take(event: PointerEvent, last: boolean): void {
    const { recorder, x, y, live } = this.ports;
    if (!live()) return;
    const { box } = this;
    pointerToValue(event.clientX, event.clientY, box, x, y, recorder.value);
    const { clientX, clientY, timeStamp } = event;
    recorder.sample(deviceOf(event.pointerType), timeStamp, clientX - box.left, clientY - box.top, last);
  }

  private listenToKeys(): void {
    const { scope, keys } = this;
    scope.listen(window, "keydown", (plain) => {
      const event = plain as KeyboardEvent;
      const direction = directionOf(event.code);
      if (!direction || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      if (this.ports.live()) keys.press(direction, event.timeStamp);
    });
    scope.listen(window, "keyup", (plain) => {
      const event = plain as KeyboardEvent;
      const direction = directionOf(event.code);
      if (direction) keys.release(direction, event.timeStamp);
    });
    scope.listen(window, "blur", () => keys.releaseAll());
  }
}
