import { t } from "../../words/words";
import { type Asked, type Coded, type Lack, lackOf, type Moment, type Side } from "../parts/facs";

const PARTS: Readonly<Record<string, () => string>> = {
  upper: () => t("Upper face"),
  lower: () => t("Lower face"),
  mouth: () => t("Mouth and chin"),
  descriptor: () => t("Other movements"),
  pose: () => t("Head and eyes"),
};
/** A part of the face; one that the protocol made up is called as it calls it. */
export const partName = (part: string): string => PARTS[part]?.() ?? part;
export const MOMENT_NAMES: Readonly<Record<Moment, () => string>> = {
  onset_s: () => t("Onset"),
  apex_s: () => t("Apex"),
  offset_s: () => t("Offset"),
};
export const SIDE_NAMES: Readonly<Record<Side, () => string>> = {
  left: () => t("Left"),
  right: () => t("Right"),
  both: () => t("Both"),
  top: () => t("Top"),
  bottom: () => t("Bottom"),
};
const LACKS: Readonly<Record<Lack, (unit: string) => string>> = {
  intensity: (unit) => t("{unit} has no intensity yet.", { unit }),
  side: (unit) => t("{unit} has no side yet.", { unit }),
  onset_s: (unit) => t("{unit} has no onset yet.", { unit }),
  apex_s: (unit) => t("{unit} has no apex yet.", { unit }),
  offset_s: (unit) => t("{unit} has no offset yet.", { unit }),
  order: (unit) => t("{unit}: onset, apex and offset must follow each other.", { unit }),
  double: (unit) => t("{unit} is coded twice for the same side and time.", { unit }),
};

/** The first thing that keeps the codes from being handed in, or null. */
export function problemOf(codes: readonly Coded[], asked: Asked): string | null {
  for (const [index, coded] of codes.entries()) {
    const lack = lackOf(codes, index, asked);
    if (lack) return LACKS[lack](coded.unit);
  }
  return null;
}
