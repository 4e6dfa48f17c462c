import type { JsonObject } from "../api/types";
import { t } from "../words/words";
import { defineField, type FieldProps } from "./define";
import { Complaint, Prompt, promptId } from "./parts/Prompt";
import "./text.css";

interface TextField {
  key: string;
  /** What stands above it; the only one has the question itself there. */
  name: string | null;
  minLength: number;
  maxLength: number;
  required: boolean;
}

interface TextOptions {
  fields: TextField[];
}

const ONE = "text";

const textOf = (value: JsonObject | null, key: string): string => {
  const found = value?.[key];
  return typeof found === "string" ? found : "";
};

function withText(value: JsonObject | null, key: string, text: string): JsonObject | null {
  const { [key]: _, ...others } = value ?? {};
  const next = text === "" ? others : { ...others, [key]: text };
  return Object.keys(next).length > 0 ? next : null;
}

function counter(length: number, { minLength, maxLength }: TextField): string {
  return minLength > 0
    ? t("{length} characters (at least {minLength}, at most {maxLength})", { length, minLength, maxLength })
    : t("{length} characters (at most {maxLength})", { length, maxLength });
}

function TextView({ question, options, value, complaint, onChange }: FieldProps & { options: TextOptions }) {
  return (
    <section className="question">
      <Prompt question={question} />
      {options.fields.map((field) => {
        const text = textOf(value, field.key);
        const id = `${promptId(question)}-${field.key}`;
        return (
          <div key={field.key} className="text-field">
            {field.name === null ? null : (
              <label htmlFor={id}>
                {field.name}
                {field.required ? null : <span className="optional"> {t("optional")}</span>}
              </label>
            )}
            <textarea
              id={id}
              rows={field.name === null ? 4 : 2}
              aria-labelledby={field.name === null ? promptId(question) : undefined}
              aria-invalid={complaint !== null && wrongWith(field, value) !== null}
              maxLength={field.maxLength}
              value={text}
              onChange={(event) => onChange(withText(value, field.key, event.target.value))}
            />
            <p className="hint counter">{counter(text.length, field)}</p>
          </div>
        );
      })}
      <Complaint text={complaint} />
    </section>
  );
}

function wrongWith(field: TextField, value: JsonObject | null): string | null {
  const { length } = textOf(value, field.key).trim();
  const { name, minLength } = field;
  if (length === 0) {
    if (!field.required) return null;
    return name === null
      ? t("Please write an answer.")
      : t("{field}: please write an answer.", { field: name });
  }
  if (length >= minLength) return null;
  const text = t("Please write at least {minLength} characters; you have {length}.", { minLength, length });
  return name === null ? text : `${name}: ${text}`;
}

export const questionType = defineField<TextOptions>({
  type: "text",
  keys: [],
  readOptions(reader) {
    const fields = reader.each(
      "fields",
      (one): TextField => ({
        key: one.text("key"),
        name: one.text("name"),
        minLength: one.number("min_length", 0),
        maxLength: one.number("max_length", 2000),
        required: one.flag("required", true),
      }),
      [],
    );
    const only: TextField = {
      key: ONE,
      name: null,
      minLength: reader.number("min_length", 0),
      maxLength: reader.number("max_length", 2000),
      required: true,
    };
    return { fields: fields.length > 0 ? fields : [only] };
  },
  problem(value, { fields }, question) {
    const empty = fields.every(({ key }) => textOf(value, key).trim().length === 0);
    if (empty && !question.required) return null;
    const wrong = fields.map((field) => wrongWith(field, value)).filter((reason) => reason !== null);
    return wrong.length > 0 ? wrong.join(" ") : null;
  },
  View: TextView,
});
