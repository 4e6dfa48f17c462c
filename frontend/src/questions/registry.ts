import type { Question } from "../api/types";
import { t } from "../words/words";
import type { BoundQuestion, QuestionType } from "./define";

const modules = import.meta.glob<{ questionType: QuestionType }>("./*.tsx", { eager: true });
const types = new Map(Object.values(modules).map(({ questionType }) => [questionType.type, questionType]));

/** The question made ready to be shown. Throws a readable error when its type or options are not known here. */
export function bindQuestion(question: Question): BoundQuestion {
  const found = types.get(question.type);
  if (!found)
    throw new Error(
      t('Question "{key}" has the type "{type}", which this page does not know.', {
        key: question.key,
        type: question.type,
      }),
    );
  return found.bind(question);
}
