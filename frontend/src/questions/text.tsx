import { defineField, type FieldProps } from "./define";
import { Complaint, Prompt, promptId } from "./parts/Prompt";

interface TextOptions {
  minLength: number;
  maxLength: number;
}

const textOf = (value: FieldProps["value"]): string => (typeof value?.text === "string" ? value.text : "");

function TextView({ question, options, value, complaint, onChange }: FieldProps & { options: TextOptions }) {
  const text = textOf(value);
  const atLeast = options.minLength > 0 ? `at least ${options.minLength}, ` : "";
  return (
    <section className="question">
      <Prompt question={question} />
      <textarea
        rows={4}
        aria-labelledby={promptId(question)}
        aria-invalid={complaint !== null}
        maxLength={options.maxLength}
        value={text}
        onChange={(event) => onChange(event.target.value === "" ? null : { text: event.target.value })}
      />
      <p className="hint counter">
        {text.length} characters ({atLeast}at most {options.maxLength})
      </p>
      <Complaint text={complaint} />
    </section>
  );
}

export const questionType = defineField<TextOptions>({
  type: "text",
  keys: [],
  readOptions: (reader) => ({
    minLength: reader.number("min_length", 0),
    maxLength: reader.number("max_length", 2000),
  }),
  problem(value, { minLength }, question) {
    const { length } = textOf(value).trim();
    if (length === 0) return question.required ? "Please write an answer." : null;
    return length < minLength ? `Please write at least ${minLength} characters; you have ${length}.` : null;
  },
  View: TextView,
});
