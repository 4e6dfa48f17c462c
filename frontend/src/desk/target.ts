import { curveAt } from "../trace/target";
import type { Target } from "./instrument";

/** The target of a practice item at any moment, without allocating. */
export class TargetReader {
  readonly band: number;
  private readonly target: Target | null;
  private readonly value: Float64Array;

  constructor(target: Target | null, dimensions: number) {
    this.target = target;
    this.band = target?.band ?? 0;
    this.value = new Float64Array(dimensions);
  }

  /** What to follow now, or null where there is nothing to follow. The array is the same at each call. */
  at(positionS: number): Float64Array | null {
    return this.target && curveAt(this.target, positionS, this.value) ? this.value : null;
  }
}
