import type { JsonObject } from "../api/types";
import { t } from "../words/words";
import { defineField, type FieldProps } from "./define";
import { Complaint, Prompt } from "./parts/Prompt";
import "./questionnaire.css";

interface Point {
  value: number;
  label: string;
}

interface Statement {
  key: string;
  text: string;
}

interface FormOptions {
  points: Point[];
  items: Statement[];
  skippable: boolean;
}

const answerOf = (value: JsonObject | null, key: string): number | null => {
  const found = value?.[key];
  return typeof found === "number" ? found : null;
};

interface StatementProps {
  group: string;
  number: number;
  statement: Statement;
  points: readonly Point[];
  answer: number | null;
  missing: boolean;
  onAnswer(value: number): void;
}

function StatementRow({ group, number, statement, points, answer, missing, onAnswer }: StatementProps) {
  const chosen = points.find((point) => point.value === answer);
  return (
    <fieldset className={missing ? "statement missing" : "statement"}>
      <legend>
        <span className="statement-number">{number}.</span> <span dir="auto">{statement.text}</span>
      </legend>
      <div className="points" dir="ltr">
        {points.map((point) => (
          <label key={point.value} className="point" title={point.label}>
            <input
              type="radio"
              name={`${group}.${statement.key}`}
              aria-label={`${point.value}: ${point.label}`}
              checked={answer === point.value}
              onChange={() => onAnswer(point.value)}
            />
            <span>{point.value}</span>
          </label>
        ))}
      </div>
      <p className="hint said">{chosen ? chosen.label : t("not answered")}</p>
    </fieldset>
  );
}

function QuestionnaireView(props: FieldProps & { options: FormOptions }) {
  const { question, options, value, complaint, onChange } = props;
  return (
    <section className="question">
      <Prompt question={question} />
      <ul className="legend" aria-hidden="true">
        {options.points.map((point) => (
          <li key={point.value}>
            <b>{point.value}</b> {point.label}
          </li>
        ))}
      </ul>
      {options.items.map((statement, index) => (
        <StatementRow
          key={statement.key}
          group={question.key}
          number={index + 1}
          statement={statement}
          points={options.points}
          answer={answerOf(value, statement.key)}
          missing={complaint !== null && !options.skippable && answerOf(value, statement.key) === null}
          onAnswer={(answer) => onChange({ ...value, [statement.key]: answer })}
        />
      ))}
      <Complaint text={complaint} />
    </section>
  );
}

export const questionType = defineField<FormOptions>({
  type: "questionnaire",
  keys: [{ keys: "← →", does: t("move the answer that has the focus") }],
  readOptions: (reader) => ({
    points: reader.each("points", (one) => ({ value: one.number("value"), label: one.text("label") })),
    items: reader.each("items", (one) => ({ key: one.text("key"), text: one.text("text") })),
    skippable: reader.flag("skippable", false),
  }),
  problem(value, { items, skippable }, question) {
    if (value === null) return question.required ? t("Please answer the statements.") : null;
    const open = items.flatMap(({ key }, index) => (answerOf(value, key) === null ? [index + 1] : []));
    return skippable || open.length === 0
      ? null
      : t("Please answer also: {numbers}.", { numbers: open.join(", ") });
  },
  View: QuestionnaireView,
});
