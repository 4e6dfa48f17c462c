import { t } from "../words/words";
import "./best_worst.css";
import { defineField, type FieldProps } from "./define";
import { candidatesOf, orderOf, textIn } from "./parts/candidates";
import { Complaint, Prompt } from "./parts/Prompt";

interface BestWorstOptions {
  bestLabel: string;
  worstLabel: string;
}

type End = "best" | "worst";

function BestWorstView(props: FieldProps & { options: BestWorstOptions }) {
  const { question, item, options, value, complaint, onChange } = props;
  const chosen = { best: textIn(value, "best"), worst: textIn(value, "worst") };
  const take = (end: End, name: string) => {
    const other: End = end === "best" ? "worst" : "best";
    // What is now the one can no longer be the other.
    const kept = chosen[other] === name ? {} : { [other]: chosen[other] };
    const next = { ...kept, [end]: name };
    onChange({
      ...Object.fromEntries(Object.entries(next).filter(([, part]) => part)),
      order: orderOf(item),
    });
  };
  const words = candidatesOf(item);
  // A column is a group of its own, so that Tab goes from one to the other, and arrows stay within.
  const column = (end: End, said: string) => (
    <div className="ends" role="radiogroup" aria-label={said}>
      <span className="end-name" aria-hidden="true">
        {said}
      </span>
      {words.map(({ name, label }) => (
        <label key={name} className="end">
          <input
            type="radio"
            name={`${question.key}.${end}`}
            aria-label={label}
            checked={chosen[end] === name}
            onChange={() => take(end, name)}
          />
        </label>
      ))}
    </div>
  );
  return (
    <section className="question">
      <Prompt question={question} />
      <div className="best-worst" style={{ gridTemplateRows: `auto repeat(${words.length}, auto)` }}>
        {column("best", options.bestLabel)}
        <div className="ends" aria-hidden="true">
          <span className="end-name" />
          {words.map(({ name, label }) => (
            <span key={name} className="end-word" dir="auto">
              {label}
            </span>
          ))}
        </div>
        {column("worst", options.worstLabel)}
      </div>
      <Complaint text={complaint} />
    </section>
  );
}

export const questionType = defineField<BestWorstOptions>({
  type: "best_worst",
  keys: [
    { keys: "↑ ↓", does: t("move the mark in the column that has the focus") },
    { keys: "Tab", does: t("go to the other column") },
  ],
  readOptions: (reader) => ({
    bestLabel: reader.text("best_label", t("Most")),
    worstLabel: reader.text("worst_label", t("Least")),
  }),
  problem(value, { bestLabel, worstLabel }, question) {
    const ends = [textIn(value, "best"), textIn(value, "worst")];
    if (ends.every((end) => end !== null) || (!question.required && value === null)) return null;
    const missing = [bestLabel, worstLabel].filter((_, index) => ends[index] === null);
    return t("Please mark: {ends}.", { ends: missing.join(", ") });
  },
  View: BestWorstView,
});
