import type { JsonObject } from "../../api/types";
import { Store } from "../../base/store";
import { DEAD_ZONE, NOMINAL, type StickAxis, StickCalibration, stickPart } from "../../trace/stick";

export type JoystickState =
  | { phase: "absent" }
  | { phase: "found" }
  /** At rest, to learn the centre. */
  | { phase: "resting" }
  /** Being moved to all its ends. */
  | { phase: "moving" }
  | { phase: "ready" };

const REST_FRAMES = 30;
const MS_PER_S = 1000;

/** The first gamepad or joystick of this page, read once per animation frame; its calibration lasts for the page. */
class Joystick {
  readonly state = new Store<JoystickState>({ phase: "absent" });
  private calibration = new StickCalibration();
  private found: StickAxis[] = [];
  private name = "";
  private restFrames = 0;

  /** Writes the axes as -1..1 (right and down positive); false without a stick or while it is being set up. */
  poll(out: Float64Array): boolean {
    const pad = navigator.getGamepads?.().find((one) => one?.connected) ?? null;
    const { phase } = this.state.get();
    if (!pad) {
      if (phase !== "absent") this.state.set({ phase: "absent" });
      return false;
    }
    if (phase === "absent" || pad.id !== this.name) this.meet(pad.id);
    if (phase === "resting" || phase === "moving") {
      this.learn(pad.axes, phase);
      return false;
    }
    for (let i = 0; i < out.length; i++) out[i] = stickPart(pad.axes[i] ?? 0, this.found[i] ?? NOMINAL);
    return true;
  }

  /** The rater lets go of the stick and then moves it all around. */
  begin(): void {
    this.calibration = new StickCalibration();
    this.restFrames = 0;
    this.state.set({ phase: "resting" });
  }

  finish(): void {
    this.found = this.calibration.axes();
    this.state.set({ phase: "ready" });
  }

  /** For the log: which stick, and per axis its centre and ends. */
  facts(): JsonObject {
    const axes = this.found.map(({ centre, low, high }) => [centre, low, high]);
    return { name: this.name, dead_zone: DEAD_ZONE, calibrated: axes.length > 0, axes };
  }

  private meet(name: string): void {
    this.name = name;
    this.found = [];
    this.state.set({ phase: "found" });
  }

  private learn(axes: readonly number[], phase: "resting" | "moving"): void {
    if (phase === "moving") {
      this.calibration.move(axes);
      return;
    }
    this.calibration.rest(axes);
    this.restFrames += 1;
    if (this.restFrames >= REST_FRAMES) this.state.set({ phase: "moving" });
  }
}

export const joystick = new Joystick();

/** Seconds between two frames, at most a tenth: a page that hung does not jump. */
export const frameSeconds = (atMs: number, lastMs: number): number =>
  Math.min(0.1, Math.max(0, (atMs - lastMs) / MS_PER_S));
