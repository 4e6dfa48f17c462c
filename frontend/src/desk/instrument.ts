import type { ComponentType, ReactNode, RefObject } from "react";
import type { TraceRecorder } from "../trace/recorder";

/** What every continuous question may set. */
export interface TraceSettings {
  start: readonly number[];
  heartbeatHz: number;
  /** Seconds without a movement until the page asks whether anybody is there; 0: never. */
  idleHintS: number;
  /** This question may be rewound even where its protocol does not say so for all. */
  rewind: boolean;
  /** Practice: what there is to follow, or null. */
  target: Target | null;
}

/** A known curve: straight between its points; `band` is how near counts as on it, in the units of the question. */
export interface Target {
  timesS: readonly number[];
  /** One list per point, one number per dimension. */
  values: readonly (readonly number[])[];
  band: number;
}

export interface InstrumentPorts {
  /** The element that the surface gave its `surface` reference. */
  surface: HTMLElement;
  recorder: TraceRecorder;
  /** Moves count only while this is true. */
  live(): boolean;
  /** Where the medium stands, in seconds. */
  positionS(): number;
}

/** How input becomes value, and how the value is drawn. */
export interface Instrument {
  /** Once per animation frame: devices that are polled, then the drawing. `held`: the medium does not run. */
  frame(atMs: number, held: boolean): void;
  /** The size or the colours have changed. */
  measure(): void;
  dispose(): void;
}

export interface SurfaceProps<O> {
  options: O;
  surface: RefObject<HTMLDivElement | null>;
  /** Lies over the surface while the medium does not run; its container is positioned. */
  cover: ReactNode;
}

/** One kind of trace: what it looks like, and what makes it live. */
export interface InstrumentKind<O extends TraceSettings> {
  Surface: ComponentType<SurfaceProps<O>>;
  mount(ports: InstrumentPorts, options: O): Instrument;
}
