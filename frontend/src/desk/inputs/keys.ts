import { Scope } from "../../base/scope";
import { directionOf, KeyMotion, type MotionRule, wayOf } from "../../trace/keymotion";
import type { TraceRecorder } from "../../trace/recorder";
import { isTyping, type Movers, moveAlong } from "./movers";

interface KeyPorts {
  recorder: TraceRecorder;
  movers: Movers;
  live(): boolean;
  rule?: MotionRule;
}

/** Arrow keys, WASD and page keys: held keys move ever faster. `frame` takes their motion once per frame. */
export class KeyInput {
  private readonly ports: KeyPorts;
  private readonly scope = new Scope();
  private readonly keys: KeyMotion;
  private readonly motion = { x: 0, y: 0, z: 0 };

  constructor(ports: KeyPorts) {
    this.ports = ports;
    this.keys = new KeyMotion(ports.rule);
    const { scope, keys } = this;
    scope.listen(window, "keydown", (event) => this.onDown(event as KeyboardEvent));
    scope.listen(window, "keyup", (plain) => {
      const event = plain as KeyboardEvent;
      const direction = directionOf(event.code);
      if (direction) keys.release(direction, event.timeStamp);
    });
    scope.listen(window, "blur", () => keys.releaseAll());
  }

  frame(atMs: number): void {
    const { recorder, movers, live } = this.ports;
    const mask = this.keys.mask;
    this.keys.take(atMs, this.motion);
    if (live() && moveAlong(movers, recorder.value, this.motion)) recorder.sample("keyboard", atMs, mask);
  }

  dispose(): void {
    this.scope.dispose();
  }

  private onDown(event: KeyboardEvent): void {
    const direction = directionOf(event.code);
    if (!direction || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    // A key that moves nothing here keeps its own meaning, such as scrolling the page.
    if (!this.ports.movers[wayOf(direction)]) return;
    event.preventDefault();
    if (this.ports.live()) this.keys.press(direction, event.timeStamp);
  }
}
