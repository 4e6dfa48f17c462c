import type { Question } from "../../api/types";
import { t } from "../../words/words";
import "./question.css";

/** Ids that tie a control to its prompt. */
export const promptId = (question: Question): string => `prompt-${question.key}`;

/** The question as the rater reads it. */
export function Prompt({ question }: { question: Question }) {
  return (
    <div className="prompt">
      <h2 id={promptId(question)}>
        {question.prompt}
        {question.required ? null : <span className="optional"> {t("optional")}</span>}
      </h2>
      {question.help ? <p className="help">{question.help}</p> : null}
    </div>
  );
}

/** Why the answer cannot be sent yet; read out when it appears. */
export function Complaint({ text }: { text: string | null }) {
  return (
    <p className="complaint" role="alert">
      {text}
    </p>
  );
}
