import { dimensionsOf, isContinuous, labelsOf } from "./questions";
import type { Question } from "./shapes";

/** A way in which raters can disagree about an item, with the number that it begins with. */
export interface CriterionKind {
  key: string;
  label: string;
  limit: number;
}

export interface Criterion {
  key: string;
  limit: number;
}

const MARKING = ["segments", "spans", "facs", "boxes", "people_labels"];

/** How raters of these questions can disagree; none of traces. */
export function criteriaOf(questions: readonly Question[]): CriterionKind[] {
  return questions
    .filter((question) => !isContinuous(question))
    .flatMap((question) => {
      const { key, type } = question;
      if (MARKING.includes(type))
        return [
          {
            key: `${key}.agreement_below`,
            label: `${key}: mean agreement of two raters is below`,
            limit: 0.5,
          },
        ];
      const numbers = dimensionsOf(question).length > 0;
      const labels = labelsOf(question).length > 0 && type !== "label_intensity";
      return [
        ...(labels
          ? [
              {
                key: `${key}.share_below`,
                label: `${key}: most frequent answer has a share below`,
                limit: 0.6,
              },
            ]
          : []),
        ...(numbers
          ? [{ key: `${key}.range_above`, label: `${key}: highest minus lowest number above`, limit: 1 }]
          : []),
      ];
    });
}

/** As the server reads it. */
export const written = ({ key, limit }: Criterion): string => `${key}=${limit}`;
