import type { Condition, JsonObject, Question } from "../api/types";
import { chosenOf } from "../questions/parts/labels";

/** The questions that are asked after these answers, in their order; `required` is what it is then. */
export function reached(
  questions: readonly Question[],
  answerTo: (key: string) => JsonObject | null,
): Question[] {
  const found = new Map<string, Question>();
  const met = (condition: Condition | undefined) =>
    condition !== undefined && found.has(condition.question) && fits(condition, answerTo(condition.question));
  for (const question of questions) {
    if (question.asked_if && !met(question.asked_if)) continue;
    const must = !question.required && met(question.required_if);
    found.set(question.key, must ? { ...question, required: true } : question);
  }
  return [...found.values()];
}

function fits({ labels, dimension, min, max }: Condition, value: JsonObject | null): boolean {
  if (labels)
    return [...chosenOf(value), value?.choice].some((said) => labels.some((label) => label === said));
  const number = value?.[dimension ?? ""];
  return typeof number === "number" && (min ?? number) <= number && number <= (max ?? number);
}
