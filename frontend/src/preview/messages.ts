/** What the researcher's page and the frame that shows a rater's page tell each other. */

import type { components } from "../api/schema";
import type { Assignment, Invite, Participation } from "../api/types";

type Schemas = components["schemas"];

export type Verdict = Schemas["VerdictShape"];
export type Scheme = "light" | "dark";

/** What the first rater of a study would get. */
export interface Preview {
  invite: Invite;
  participation: Participation;
  assignments: Assignment[];
}

/** A page that can be looked at. `key` names it; the same protocol has the same keys. */
export interface Stage {
  key: string;
  label: string;
}

/** Where items come from: one of both, or samples. */
export interface Source {
  collection: string | null;
  corpus: string | null;
}

/** To the frame: show this page of this protocol. */
export interface Show {
  kind: "show";
  preview: Preview;
  /** With which the preview was made; what is handed in is checked with the same. */
  text: string;
  source: Source;
  stage: string;
  scheme: Scheme;
}

/** From the frame. */
export type Told =
  /** It can be told what to show. */
  | { kind: "ready" }
  | { kind: "stages"; stages: Stage[] }
  /** The rater's page went on to this one. */
  | { kind: "at"; stage: string }
  /** What would become of the answers that were handed in. */
  | { kind: "verdict"; verdict: Verdict }
  | { kind: "language"; language: string };
