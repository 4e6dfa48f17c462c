import { useMemo, useState } from "react";
import type { InviteStudy, Item, JsonObject, Question } from "../../api/types";
import type { BoundField } from "../../questions/define";
import { bindQuestion } from "../../questions/registry";
import { t } from "../../words/words";
import "./AboutYou.css";

interface AboutYouProps {
  study: InviteStudy;
  busy: boolean;
  onSend(answers: JsonObject): void;
}

/** The questions that are asked here look at no item. */
const NO_ITEM: Item = {
  id: "",
  kind: "text",
  duration_s: null,
  onset_s: null,
  offset_s: null,
  condition: "",
  text: null,
  context: null,
  media: {},
  frame_rate_hz: null,
  target: null,
  people: [],
  choose_from: [],
  parts: [],
  samples: null,
  frames_s: [],
};

const asFields = (questions: readonly Question[]): BoundField[] =>
  questions.map(bindQuestion).filter((bound): bound is BoundField => bound.layout === "field");

/** What the study asks about the rater, once; to each question one may also say that one would rather not. */
export function AboutYou({ study, busy, onSend }: AboutYouProps) {
  const fields = useMemo(() => asFields(study.about_you as Question[]), [study]);
  /** null: would rather not say; absent: nothing yet. */
  const [said, setSaid] = useState<JsonObject>({});
  const [tried, setTried] = useState(false);

  const problem = (field: BoundField): string | null => {
    const value = said[field.question.key];
    if (value === null) return null;
    return field.problem((value ?? null) as JsonObject | null)
      ? t("Please answer, or tick that you would rather not say.")
      : null;
  };
  const say = (key: string, value: JsonObject | null | undefined) =>
    setSaid(({ [key]: _, ...others }) => (value === undefined ? others : { ...others, [key]: value }));
  const send = () => {
    const open = fields.find((field) => problem(field) !== null);
    setTried(true);
    if (open) document.getElementById(`prompt-${open.question.key}`)?.scrollIntoView({ block: "center" });
    else onSend(said);
  };

  return (
    <main className="page about-you">
      <h2>{t("About you")}</h2>
      <p>
        {t(
          "These questions are about you and are asked once. What you say is kept apart from your ratings, and is published only of groups of people, never of one alone. You may leave out any of them.",
        )}
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <fieldset className="fields" disabled={busy}>
          {fields.map((field) => {
            const { key } = field.question;
            return (
              <div key={key}>
                {field.render({
                  item: NO_ITEM,
                  media: null,
                  earlier: [],
                  value: (said[key] ?? null) as JsonObject | null,
                  complaint: tried ? problem(field) : null,
                  primary: false,
                  onChange: (value) => say(key, value ?? undefined),
                })}
                <label className="agree rather-not">
                  <input
                    type="checkbox"
                    checked={said[key] === null}
                    aria-describedby={`prompt-${key}`}
                    onChange={(event) => say(key, event.target.checked ? null : undefined)}
                  />
                  <span>{t("I would rather not say")}</span>
                </label>
              </div>
            );
          })}
          <div className="actions">
            <button type="submit" className="primary">
              {t("Go on")}
            </button>
          </div>
        </fieldset>
      </form>
    </main>
  );
}
