import type { Screen } from "../trace/recorder";

/** Counts of one page, sent with the answer. */
export interface Tally extends Screen {
  stalls: number;
  pauses: number;
  hidden: number;
  asleep: number;
  rewinds: number;
}

export const newTally = (): Tally => ({
  frames_shown: 0,
  frames_missed: 0,
  stalls: 0,
  pauses: 0,
  hidden: 0,
  asleep: 0,
  rewinds: 0,
  refresh_hz: null,
});
