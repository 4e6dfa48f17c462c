import type { Question } from "../api/types";
import type { BoundQuestion, QuestionType } from "./define";

const modules = import.meta.glob<{ questionType: QuestionType }>("./*.tsx", { eager: true });
const types = new Map(Object.values(modules).map(({ questionType }) => [questionType.type, questionType]));

/** The question made ready to be shown. Throws a readable error when its type or options are not known here. */
export function bindQuestion(question: Question): BoundQuestion {
  const found = types.get(question.type);
  if (!found)
    throw new Error(
      `Question "${question.key}" has the type "${question.type}", which this page does not know.`,
    );
  return found.bind(question);
}
