import { t } from "../../words/words";
import { type Asked, type Coded, type Lack, lackOf, type Moment } from "../parts/facs";

export const PARTS: Readonly<Record<string, string>> = {
  upper: "Upper face",
  lower: "Lower face",
  mouth: "Mouth and chin",
  descriptor: "Other movements",
  pose: "Head and eyes",
};
export const MOMENT_NAMES: Readonly<Record<Moment, string>> = {
  onset_s: "Onset",
  apex_s: "Apex",
  offset_s: "Offset",
};
export const SIDE_NAMES = {
  left: "Left",
  right: "Right",
  both: "Both",
  top: "Top",
  bottom: "Bottom",
} as const;
const LACKS: Readonly<Record<Lack, string>> = {
  intensity: "{unit} has no intensity yet.",
  side: "{unit} has no side yet.",
  onset_s: "{unit} has no onset yet.",
  apex_s: "{unit} has no apex yet.",
  offset_s: "{unit} has no offset yet.",
  order: "{unit}: onset, apex and offset must follow each other.",
  double: "{unit} is coded twice for the same side and time.",
};

/** The first thing that keeps the codes from being handed in, or null. */
export function problemOf(codes: readonly Coded[], asked: Asked): string | null {
  for (const [index, coded] of codes.entries()) {
    const lack = lackOf(codes, index, asked);
    if (lack) return t(LACKS[lack], { unit: coded.unit });
  }
  return null;
}
