/** The rater part of the HTTP contract (docs/api.md), written once here. */

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

export interface InviteStudy {
  title: string;
  description: string;
  estimated_minutes: number | null;
  consent: { text: string; digest: string };
  instructions: string;
  languages: string[];
  simulated_data: boolean;
}

export interface Invite {
  study: InviteStudy;
  state: "open" | "closed";
}

export interface Progress {
  practice_done: number;
  practice_total: number;
  done: number;
  total: number;
}

export type ParticipationState = "invited" | "consented" | "rating" | "completed" | "withdrawn";

export interface Participation {
  id: string;
  state: ParticipationState;
  rater: string;
  simulated: boolean;
  progress: Progress;
  completion_code: string | null;
}

export interface Arrival {
  token: string;
  participation: Participation;
}

export type ItemKind = "video" | "audio" | "image" | "eeg" | "text" | "dialogue";

export interface MediaFile {
  url: string;
  media_type: string;
}

export type Rendition = "proxy" | "poster" | "peaks" | "pyramid";

export interface Utterance {
  speaker: string;
  text: string;
  target: boolean;
}

export interface Item {
  id: string;
  kind: ItemKind;
  title: string;
  duration_s: number | null;
  condition: string;
  text: string | null;
  context: Utterance[] | null;
  media: { [name in Rendition]?: MediaFile };
  frame_rate_hz: number | null;
}

export interface Question {
  key: string;
  type: string;
  prompt: string;
  help: string;
  required: boolean;
  options: JsonObject;
}

export interface Trace {
  id: string;
  question: string;
  writer: number;
  state: "open" | "finished";
  high_water: number;
  missing: number[];
  chunks: number;
  resume_at_us: number | null;
}

export interface Assignment {
  id: string;
  practice: boolean;
  position: number;
  lease_until: string;
  item: Item;
  questions: Question[];
  presentation: JsonObject;
  traces: Trace[];
}

export interface ResponseTiming {
  shown_at: string;
  answered_at: string;
  first_input_ms: number | null;
  active_ms: number;
}

export interface ResponseBody {
  id: string;
  question: string;
  value: JsonObject;
  timing: ResponseTiming;
  device: JsonObject;
}

export interface SubmissionBody {
  submission_id: string;
  responses: ResponseBody[];
  played: JsonObject;
}

export interface SubmissionReceipt {
  assignment: string;
  state: "submitted";
  participation: Participation;
}

export interface TraceOpening {
  id: string;
  assignment: string;
  question: string;
  device: JsonObject;
}

export interface ChunkBody {
  seq: number;
  writer: number;
  sha256: string;
  body: string;
}

export interface ChunkReceipt {
  high_water: number;
  missing: number[];
  state: string;
}

export interface FinishBody {
  writer: number;
  chunks: number;
  digest: string;
}

export interface ErrorBody {
  code: string;
  message: string;
  details: JsonObject;
}
