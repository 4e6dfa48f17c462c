import { Scope } from "../../base/scope";
import type { InputDevice } from "../../trace/recorder";
import { isTyping } from "./movers";
import { deviceOf } from "./pointer";

interface PressPorts {
  /** The field that holds the buttons; each has its choice in `data-choice`. */
  surface: HTMLElement;
  /** The choice that a keyboard key (`KeyboardEvent.code`) stands for, or null. */
  keyOf(code: string): number | null;
  live(): boolean;
  down(choice: number, device: InputDevice, atMs: number): void;
  up(choice: number, device: InputDevice, atMs: number): void;
}

const PRESS_KEYS = ["Space", "Enter"];

/** Buttons that are pressed and let go by pointer, by their own keys, or by Space and Enter while focused. */
export class PressInput {
  private readonly ports: PressPorts;
  private readonly scope = new Scope();
  private readonly byPointer = new Map<number, number>();
  private readonly byKey = new Map<string, number>();

  constructor(ports: PressPorts) {
    this.ports = ports;
    const { scope } = this;
    scope.listen(ports.surface, "pointerdown", (event) => this.onPointer(event as PointerEvent));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      scope.listen(ports.surface, end, (event) => this.onPointerEnd(event as PointerEvent));
    }
    scope.listen(window, "keydown", (event) => this.onKey(event as KeyboardEvent));
    scope.listen(window, "keyup", (event) => this.onKeyEnd(event as KeyboardEvent));
    scope.listen(window, "blur", (event) => this.letGo(event.timeStamp));
  }

  dispose(): void {
    this.scope.dispose();
  }

  /** Focus went elsewhere: no key-up will be seen. */
  private letGo(atMs: number): void {
    for (const choice of this.byKey.values()) this.ports.up(choice, "keyboard", atMs);
    this.byKey.clear();
  }

  private onPointer(event: PointerEvent): void {
    const button = buttonOf(event.target);
    if (button === null || !this.ports.live()) return;
    button.node.setPointerCapture(event.pointerId);
    this.byPointer.set(event.pointerId, button.choice);
    this.ports.down(button.choice, deviceOf(event.pointerType), event.timeStamp);
  }

  private onPointerEnd(event: PointerEvent): void {
    const choice = this.byPointer.get(event.pointerId);
    if (choice === undefined) return;
    this.byPointer.delete(event.pointerId);
    this.ports.up(choice, deviceOf(event.pointerType), event.timeStamp);
  }

  private onKey(event: KeyboardEvent): void {
    const { ports } = this;
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const focused = PRESS_KEYS.includes(event.code) ? buttonOf(event.target) : null;
    const choice = focused ? focused.choice : ports.keyOf(event.code);
    if (choice === null) return;
    event.preventDefault();
    if (event.repeat || !ports.live() || this.byKey.has(event.code)) return;
    this.byKey.set(event.code, choice);
    ports.down(choice, "keyboard", event.timeStamp);
  }

  private onKeyEnd(event: KeyboardEvent): void {
    const choice = this.byKey.get(event.code);
    if (choice === undefined) return;
    this.byKey.delete(event.code);
    this.ports.up(choice, "keyboard", event.timeStamp);
  }
}

function buttonOf(target: EventTarget | null): { node: HTMLElement; choice: number } | null {
  if (!(target instanceof Element)) return null;
  const node = target.closest<HTMLElement>("[data-choice]");
  return node ? { node, choice: Number(node.dataset.choice) } : null;
}
