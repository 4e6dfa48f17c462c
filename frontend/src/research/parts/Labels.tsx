import { figure, plural, words } from "../data/format";
import { marksOf } from "../data/marks";
import { dimensionsOf, labelsOf } from "../data/questions";
import { type Label, numberIn, numbersIn, type Question } from "../data/shapes";
import { MeanBar, VadPoint, VoteBars } from "./Bars";
import { Marks } from "./Marks";

function Votes({ question, label }: { question: Question; label: Label }) {
  const votes = numbersIn(label.value?.votes);
  const known = labelsOf(question);
  const names = new Map(known.map(({ key, name }) => [key, name]));
  const keys = [...new Set([...known.map(({ key }) => key), ...Object.keys(votes)])];
  const winner = typeof label.value?.label === "string" ? label.value.label : null;
  return (
    <VoteBars
      votes={keys.map((key) => ({ key, name: names.get(key) ?? key, n: votes[key] ?? 0 }))}
      winner={winner}
    />
  );
}

/** Words of the raters' own, with how many of them gave each. */
function Words({ label }: { label: Label }) {
  const raters = Object.entries(numbersIn(label.value?.raters));
  return <VoteBars votes={raters.map(([word, n]) => ({ key: word, name: word, n }))} winner={null} />;
}

function Means({ question, label }: { question: Question; label: Label }) {
  const means = numbersIn(label.value);
  return (
    <>
      {dimensionsOf(question).map(({ key, name, min, max }) => {
        const mean = means[key];
        return mean === undefined ? null : (
          <MeanBar
            key={key}
            name={name}
            low={min}
            high={max}
            mean={mean}
            sd={numberIn(label.dispersion, key)}
          />
        );
      })}
    </>
  );
}

/** Numbers that no dimension of the question describes, such as the strength of what was compared. */
function Scores({ label }: { label: Label }) {
  return (
    <>
      {Object.entries(numbersIn(label.value)).map(([key, score]) => (
        <p key={key} className="small-text">
          {words(key)} <strong className="tabular">{figure(score)}</strong>
          {numberIn(label.dispersion, key) === null ? null : (
            <span className="soft tabular"> ± {figure(numberIn(label.dispersion, key) ?? 0)}</span>
          )}
        </p>
      ))}
    </>
  );
}

function Mapped({ label }: { label: Label }) {
  const valence = numberIn(label.value, "valence");
  const arousal = numberIn(label.value, "arousal");
  if (valence === null || arousal === null) return null;
  return (
    <div>
      <p className="soft small-text">mapped from the votes, −1 to 1</p>
      <VadPoint valence={valence} arousal={arousal} dominance={numberIn(label.value, "dominance")} />
    </div>
  );
}

interface LabelProps {
  question: Question;
  label: Label;
  picture: string | null;
}

function OneLabel({ question, label, picture }: LabelProps) {
  if (label.value === null) return null;
  const marks = marksOf(label.value);
  if (marks) return <Marks question={question} marks={marks} n_raters={label.n_raters} picture={picture} />;
  if (label.method === "vote") return <Votes question={question} label={label} />;
  if (label.method === "words") return <Words label={label} />;
  if (label.method === "mapped_vad") return <Mapped label={label} />;
  if (dimensionsOf(question).length === 0) return <Scores label={label} />;
  return <Means question={question} label={label} />;
}

const ORDER = ["vote", "mean", "mapped_vad"];

/** What was computed for one question on one item, with the reason where there is no label. */
export function Labels({
  question,
  labels,
  picture = null,
}: {
  question: Question;
  labels: readonly Label[];
  /** All of the picture that the item is; null for what is none. */
  picture?: string | null;
}) {
  const own = labels
    .filter((label) => label.question === question.key)
    .sort((a, b) => ORDER.indexOf(a.method) - ORDER.indexOf(b.method));
  if (own.length === 0) return null;
  const reasons = [...new Set(own.map(({ reason }) => reason).filter(Boolean))];
  return (
    <div className="labels">
      <p className="labels-head">
        {question.key} <span className="soft">{plural(own[0]?.n_raters ?? 0, "rater")}</span>
      </p>
      {own.map((label) => (
        <OneLabel key={label.method} question={question} label={label} picture={picture} />
      ))}
      {reasons.map((reason) => (
        <p key={reason} className="undefined">
          no label: {reason}
        </p>
      ))}
    </div>
  );
}
