import type { components } from "../../api/schema";

type Schemas = components["schemas"];

export type Agreement = Schemas["Agreement"];
export type CheckedProtocol = Schemas["CheckedProtocolShape"];
export type Check = Schemas["CheckShape"];
export type Collection = Schemas["Collection"];
export type Compared = Schemas["ComparedShape"];
export type Corpus = Schemas["Corpus"];
export type Dataset = Schemas["Dataset"];
export type DatasetBody = Schemas["DatasetBodyRequest"];
export type Difference = Schemas["DifferenceShape"];
export type Delivery = Schemas["Delivery"];
export type Dimension = Schemas["Dimension"];
export type Draft = Schemas["Draft"];
export type DraftDetail = Schemas["DraftDetail"];
export type Entry = Schemas["Entry"];
export type Erasure = Schemas["Erasure"];
export type ErasurePlan = Schemas["PlanShape"];
export type GoldTrace = Schemas["GoldTraceShape"];
export type Item = Schemas["Item"];
export type Job = Schemas["Job"];
export type Label = Schemas["LabelShape"];
export type LabelDistribution = Schemas["DistributionShape"];
export type LastCheck = Schemas["LastCheckShape"];
export type NewDataset = Schemas["NewDatasetBodyRequest"];
export type NewErasure = Schemas["ErasureBodyRequest"];
export type NewRelease = Schemas["NewReleaseBodyRequest"];
export type NewReview = Schemas["NewReviewShape"];
export type NewReviewBody = Schemas["NewReviewBodyRequest"];
export type NewRound = Schemas["NewRoundShape"];
export type NewRoundBody = Schemas["NewRoundBodyRequest"];
export type NewStudy = Schemas["NewStudyBodyRequest"];
export type NewToken = Schemas["NewToken"];
export type NewWebhook = Schemas["NewWebhook"];
export type Overlay = Schemas["OverlayShape"];
export type PendingErasure = Schemas["PendingShape"];
export type Preset = Schemas["PresetShape"];
export type PresetText = Schemas["PresetTextShape"];
export type ProtocolCheck = Schemas["ProtocolCheckShape"];
export type ProtocolFault = Schemas["FaultShape"];
export type Question = Schemas["QuestionShape"];
export type RaterTrace = Schemas["RaterTraceShape"];
export type Release = Schemas["Release"];
export type ReleaseDetail = Schemas["ReleaseDetail"];
export type ReleaseFile = Schemas["ManifestFileShape"];
export type ReleaseState = Schemas["StateBodyRequest"];
export type RoundAddress = Schemas["AddressShape"];
export type RoundPlan = Schemas["RoundPlanShape"];
export type Scheme = Schemas["SplitScheme"];
export type Session = Schemas["Session"];
export type SchemeReport = Schemas["SchemeReportShape"];
export type SplitReport = Schemas["SplitReportShape"];
export type Study = Schemas["Study"];
export type StudyItem = Schemas["StudyItemShape"];
export type TableDifference = Schemas["TableDifferenceShape"];
export type Token = Schemas["Token"];
export type Ping = Schemas["PingBodyRequest"];
export type Webhook = Schemas["Webhook"];

/** One page of a list; `next` is the address of the following one. */
export interface Page<T> {
  next?: string | null;
  results: T[];
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** A number out of an open object, or null. */
export const numberIn = (from: Readonly<Record<string, unknown>> | null, key: string): number | null => {
  const value = from?.[key];
  return isNumber(value) ? value : null;
};

/** The numbers of an open object by name; what is no number is left out. */
export const numbersIn = (from: unknown): Record<string, number> =>
  Object.fromEntries(
    Object.entries((from ?? {}) as Record<string, unknown>).filter((pair): pair is [string, number] =>
      isNumber(pair[1]),
    ),
  );
