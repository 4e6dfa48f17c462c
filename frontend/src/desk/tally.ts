/** Counts for the validity report, sent with the answer. */
export interface Tally {
  frames_shown: number;
  frames_missed: number;
  stalls: number;
  pauses: number;
  hidden: number;
  asleep: number;
  rewinds: number;
  refresh_hz: number | null;
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
