import { valueAt } from "../../trace/padmap";
import type { TraceRecorder } from "../../trace/recorder";
import { frameSeconds, joystick } from "./joystick";
import { type Movers, moveAlong } from "./movers";
import type { Place } from "./pointer";

const STILL = 1e-3;
/** Right-hand stick or throttle, for a third dimension. */
const THIRD_AXIS = 3;
const AXES = 4;
const PER_CENT = 100;

interface StickPorts {
  recorder: TraceRecorder;
  live(): boolean;
  /** The stick's position is the value (it springs back, and so does the value) ... */
  places?: { x: Place | null; y: Place | null; z: Place | null };
  /** ... or the speed at which it moves: whole ranges per second at the end of the stick. */
  movers?: Movers;
}

/** A joystick on an instrument. It speaks up only when it moves, so that it may lie beside a mouse in use. */
export class StickInput {
  private readonly ports: StickPorts;
  private readonly now = new Float64Array(AXES);
  private readonly before = new Float64Array(AXES);
  private readonly motion = { x: 0, y: 0, z: 0 };
  private lastMs = 0;
  private met = false;

  constructor(ports: StickPorts) {
    this.ports = ports;
  }

  frame(atMs: number): void {
    const seconds = frameSeconds(atMs, this.lastMs);
    this.lastMs = atMs;
    if (!joystick.poll(this.now)) return;
    if (!this.ports.live()) {
      this.met = false;
      return;
    }
    const moved = this.ports.places ? this.place() : this.drive(seconds);
    if (!moved) return;
    const { recorder } = this.ports;
    if (recorder.input !== "gamepad") recorder.describe("gamepad", joystick.facts());
    recorder.sample("gamepad", atMs, PER_CENT * (this.now[0] ?? 0), PER_CENT * (this.now[1] ?? 0));
  }

  private place(): boolean {
    // Where the stick lies when the instrument meets it is no movement.
    if (!this.met) this.before.set(this.now);
    this.met = true;
    if (this.now.every((part, i) => Math.abs(part - (this.before[i] ?? 0)) < STILL)) return false;
    this.before.set(this.now);
    const { recorder, places } = this.ports;
    const put = (place: Place | null | undefined, part: number) => {
      if (place) recorder.value[place.index] = valueAt((part + 1) / 2, place.range);
    };
    put(places?.x, this.now[0] ?? 0);
    put(places?.y, -(this.now[1] ?? 0));
    put(places?.z, -(this.now[THIRD_AXIS] ?? 0));
    return true;
  }

  private drive(seconds: number): boolean {
    const { movers, recorder } = this.ports;
    if (!movers) return false;
    this.motion.x = (this.now[0] ?? 0) * seconds;
    this.motion.y = -(this.now[1] ?? 0) * seconds;
    this.motion.z = -(this.now[THIRD_AXIS] ?? 0) * seconds;
    return moveAlong(movers, recorder.value, this.motion);
  }
}
