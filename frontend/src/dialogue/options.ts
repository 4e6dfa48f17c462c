export interface Role {
  key: string;
  name: string;
  /** What to do in this role; empty: nothing is said. */
  text: string;
  seesItem: boolean;
  /** Says of each of its messages which of `labels` it is. */
  labels: boolean;
}

export interface TurnLabel {
  key: string;
  name: string;
  definition: string;
}

export interface TalkOptions {
  roles: readonly Role[];
  labels: readonly TurnLabel[];
  minTurns: number;
  /** null: no limit that a rater would meet. */
  maxTurns: number | null;
  maxChars: number;
  /** Nobody speaks twice in a row. */
  alternate: boolean;
  waitS: number;
  reveal: boolean;
}
