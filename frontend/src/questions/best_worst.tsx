import { t } from "../words/words";
import "./best_worst.css";
import { defineField, type FieldProps } from "./define";
import { candidatesOf, orderOf, textIn } from "./parts/candidates";
import { Complaint, Prompt, promptId } from "./parts/Prompt";

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
  const radio = (end: End, said: string, name: string, label: string) => (
    <label className="end">
      <input
        type="radio"
        name={`${question.key}.${end}`}
        aria-label={t("{end}: {part}", { end: said, part: label })}
        checked={chosen[end] === name}
        onChange={() => take(end, name)}
      />
    </label>
  );
  return (
    <section className="question">
      <Prompt question={question} />
      <table className="best-worst" aria-labelledby={promptId(question)}>
        <thead>
          <tr>
            <th scope="col">{options.bestLabel}</th>
            <td />
            <th scope="col">{options.worstLabel}</th>
          </tr>
        </thead>
        <tbody>
          {candidatesOf(item).map(({ name, label }) => (
            <tr key={name}>
              <td>{radio("best", options.bestLabel, name, label)}</td>
              <th scope="row" dir="auto">
                {label}
              </th>
              <td>{radio("worst", options.worstLabel, name, label)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Complaint text={complaint} />
    </section>
  );
}

export const questionType = defineField<BestWorstOptions>({
  type: "best_worst",
  keys: [{ keys: "↑ ↓", does: "move the mark in the column that has the focus" }],
  readOptions: (reader) => ({
    bestLabel: reader.text("best_label", "Most"),
    worstLabel: reader.text("worst_label", "Least"),
  }),
  problem(value, { bestLabel, worstLabel }, question) {
    const ends = [textIn(value, "best"), textIn(value, "worst")];
    if (ends.every((end) => end !== null) || (!question.required && value === null)) return null;
    const missing = [bestLabel, worstLabel].filter((_, index) => ends[index] === null);
    return t("Please mark: {ends}.", { ends: missing.join(", ") });
  },
  View: BestWorstView,
});
