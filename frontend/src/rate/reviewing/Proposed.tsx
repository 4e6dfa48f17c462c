import type { JsonObject, Proposal } from "../../api/types";
import { t } from "../../words/words";
import "./proposed.css";

interface ProposedProps {
  proposal: Proposal;
  /** The rater's own answer so far. */
  value: JsonObject | null;
  onTake(value: JsonObject): void;
}

/** What a review shows before a question is answered; whoever sees it, the server has kept that she did. */
export function Proposed({ proposal, value, onTake }: ProposedProps) {
  const offered = proposal.value as JsonObject | null;
  if (!offered) return <AnswersOfAll proposal={proposal} onTake={onTake} />;
  const taken = JSON.stringify(value) === JSON.stringify(offered);
  return (
    <div className="proposed">
      <p>
        <span className="soft">{t("Proposal:")}</span>{" "}
        <strong dir="auto">{wordsOf(proposal.said[0]?.text)}</strong>
      </p>
      <button type="button" aria-pressed={taken} onClick={() => onTake(offered)}>
        {taken ? t("Confirmed") : value === null ? t("This is right") : t("Back to the proposal")}
      </button>
    </div>
  );
}

const wordsOf = (text: string | undefined): string => text || t("nothing marked");

function AnswersOfAll({ proposal, onTake }: Pick<ProposedProps, "proposal" | "onTake">) {
  const name = `proposed-${proposal.question}`;
  return (
    <div className="proposed all">
      <p id={name} className="soft">
        {t("What the raters answered before, without names. Please answer again:")}
      </p>
      <ul aria-labelledby={name}>
        {proposal.said.map(({ text, times, value }) => (
          <li key={text}>
            <strong dir="auto">{wordsOf(text)}</strong>
            {times > 1 ? <span className="times"> × {times}</span> : null}
            {value ? (
              <button
                type="button"
                aria-label={t("Go on from: {answer}", { answer: wordsOf(text) })}
                onClick={() => onTake(value as JsonObject)}
              >
                {t("Go on from this")}
              </button>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  );
}
