/** Names for the rater's part of the HTTP API; the shapes themselves are generated from the OpenAPI schema. */

import type { components } from "./schema";

type Schemas = components["schemas"];

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** The schema can only say "an object" of what a question type defines; here it is known to be JSON. */
type WithJson<Shape, Keys extends keyof Shape> = Omit<Shape, Keys> & { [key in Keys]: JsonObject };

export type InviteStudy = Schemas["StudyShape"];
export type Invite = Schemas["InviteShape"];
export type Progress = Schemas["RaterProgressShape"];
export type ParticipationState = Schemas["ParticipationState"];
export type Participation = Schemas["ParticipationShape"];
export type Arrival = Schemas["ArrivalShape"];
export type ItemKind = Schemas["ItemKind"];
export type MediaFile = Schemas["MediaShape"];
export type Utterance = Schemas["UtteranceShape"];
export type Item = Schemas["RatedItemShape"];
export type Part = Schemas["PartShape"];
export type Person = Schemas["PersonShape"];
export type Question = WithJson<Schemas["ItemQuestionShape"], "options">;
export type Condition = Schemas["ConditionShape"];
export type Trace = Schemas["TraceShape"];
export type Proposal = Schemas["ProposalShape"];
export type Assignment = Omit<Schemas["AssignmentShape"], "questions"> & { questions: Question[] };
export type ResponseTiming = Schemas["TimingBodyRequest"];
export type ResponseBody = WithJson<Schemas["AnswerBodyRequest"], "value" | "device">;
export type SubmissionBody = Omit<WithJson<Schemas["SubmitBodyRequest"], "played">, "responses"> & {
  responses: ResponseBody[];
};
export type SubmissionReceipt = Schemas["SubmittedShape"];
export type SkipReason = NonNullable<Schemas["SkipBodyRequest"]["reason"]>;
export type SkipReceipt = Schemas["SkippedShape"];
export type PracticeScore = Schemas["PracticeScoreShape"];
export type TraceOpening = WithJson<Schemas["OpenTraceBodyRequest"], "device">;
export type ChunkBody = Schemas["ChunkBodyRequest"];
export type ChunkReceipt = Schemas["ChunkAcknowledgement"];
export type Recording = Schemas["RecordingShape"];
export type RecordingOpening = WithJson<Schemas["OpenRecordingBodyRequest"], "device">;
export type FinishBody = Schemas["FinishBodyRequest"];

/** What every refusal looks like. */
export interface ErrorBody {
  code: string;
  message: string;
  details: JsonObject;
}
