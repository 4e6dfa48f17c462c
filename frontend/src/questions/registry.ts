import type { Question } from "../api/types";
import { t } from "../words/words";
import type { BoundQuestion, QuestionType } from "./define";

/** A type is the file of its name, and a piece of its own: a study asks few of them. */
const files = import.meta.glob<{ questionType: QuestionType }>("./*.tsx");
const types = new Map<string, QuestionType>();

/** Fetches what these questions need to be bound; a type that is not known here is left to `bindQuestion`. */
export async function loadQuestionTypes(questions: readonly Pick<Question, "type">[]): Promise<void> {
  const wanted = [...new Set(questions.map(({ type }) => type))].filter((type) => !types.has(type));
  await Promise.all(
    wanted.map(async (type) => {
      const found = await files[`./${type}.tsx`]?.();
      if (found) types.set(type, found.questionType);
    }),
  );
}

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
