/** A moment of the medium is remembered so many times a second, as often as it was rated: the last time counts. */
const MOMENTS_HZ = 10;

/** Whether a value is within the band around a point, in every dimension. */
export const isNear = (value: ArrayLike<number>, goal: ArrayLike<number>, band: number): boolean =>
  Array.from(goal).every((point, index) => Math.abs((value[index] ?? Number.NaN) - point) <= band);

/** For how much of what was rated so far the value was near, each moment of the medium counted once. */
export class Nearness {
  private readonly moments = new Map<number, boolean>();
  private near = 0;

  note(atS: number, near: boolean): void {
    const moment = Math.floor(atS * MOMENTS_HZ);
    this.near += Number(near) - Number(this.moments.get(moment) ?? false);
    this.moments.set(moment, near);
  }

  /** 0..1; null before anything was rated. */
  get share(): number | null {
    return this.moments.size > 0 ? this.near / this.moments.size : null;
  }
}
