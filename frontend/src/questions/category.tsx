import { useEffect, useRef } from "react";
import { defineField, type FieldProps } from "./define";
import { Complaint, Prompt, promptId } from "./parts/Prompt";

interface Label {
  key: string;
  name: string;
  definition: string;
}

interface CategoryOptions {
  labels: Label[];
  escapes: Label[];
  multiple: boolean;
}

const chosenOf = (value: FieldProps["value"]): string[] =>
  Array.isArray(value?.labels) ? value.labels.filter((label) => typeof label === "string") : [];

/** The labels after `key` was chosen or, with several allowed, taken back. An escape label stands alone. */
function choose(chosen: readonly string[], key: string, { multiple, escapes }: CategoryOptions): string[] {
  const alone = (label: string) => escapes.some((other) => other.key === label);
  if (!multiple || alone(key)) return multiple && chosen.includes(key) ? [] : [key];
  if (chosen.includes(key)) return chosen.filter((label) => label !== key);
  return [...chosen.filter((label) => !alone(label)), key];
}

function digitOf(event: KeyboardEvent): number {
  if (event.ctrlKey || event.metaKey || event.altKey) return 0;
  const target = event.target as HTMLElement;
  if (target.closest("textarea, dialog, input[type=text], input[type=number]")) return 0;
  return /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
}

function CategoryView(props: FieldProps & { options: CategoryOptions }) {
  const { question, options, value, complaint, primary, onChange } = props;
  const section = useRef<HTMLElement>(null);
  const chosen = chosenOf(value);
  const all = [...options.labels, ...options.escapes];
  const take = (key: string) => {
    const labels = choose(chosen, key, options);
    onChange(labels.length > 0 ? { labels } : null);
  };

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const focused = (event.target as HTMLElement).closest(".question");
      if (focused ? focused !== section.current : !primary) return;
      const label = all[digitOf(event) - 1];
      if (label) take(label.key);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });

  const tile = (label: Label, index: number) => (
    <label key={label.key} className="tile">
      <input
        type={options.multiple ? "checkbox" : "radio"}
        name={question.key}
        checked={chosen.includes(label.key)}
        onChange={() => take(label.key)}
      />
      <span className="tile-name">{label.name}</span>
      {index < 9 ? <kbd aria-hidden="true">{index + 1}</kbd> : null}
      {label.definition ? <span className="tile-definition">{label.definition}</span> : null}
    </label>
  );

  return (
    <section className="question" ref={section}>
      <Prompt question={question} />
      {options.multiple ? <p className="hint">Choose all that apply.</p> : null}
      <fieldset aria-labelledby={promptId(question)}>
        <div className="tiles">{options.labels.map((label, index) => tile(label, index))}</div>
        {options.escapes.length > 0 ? (
          <div className="tiles escape">
            {options.escapes.map((label, index) => tile(label, options.labels.length + index))}
          </div>
        ) : null}
      </fieldset>
      <Complaint text={complaint} />
    </section>
  );
}

export const questionType = defineField<CategoryOptions>({
  type: "category",
  keys: [
    { keys: "1 – 9", does: "choose a label" },
    { keys: "↑ ↓", does: "move between labels" },
  ],
  readOptions(reader) {
    const label = (one: typeof reader): Label => ({
      key: one.text("key"),
      name: one.text("name"),
      definition: one.text("definition", ""),
    });
    const labels = reader.each("labels", label);
    if (labels.length === 0) throw reader.wrong("labels", "a list with at least one label");
    return { labels, escapes: reader.each("escape", label, []), multiple: reader.flag("multiple", false) };
  },
  problem: (value, _options, question) =>
    question.required && chosenOf(value).length === 0 ? "Please choose an answer." : null,
  View: CategoryView,
});
