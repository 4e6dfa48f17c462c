import type { InviteStudy, Participation } from "../../api/types";
import { t, tn } from "../../words/words";
import { Prose } from "../parts/Prose";

interface InstructionsProps {
  study: InviteStudy;
  participation: Participation | null;
  busy: boolean;
  onBegin(): void;
}

/** What lies ahead, in numbers. */
function planOf(participation: Participation | null): string[] {
  if (!participation) return [];
  const { practice_total, total } = participation.progress;
  const practice = tn(
    practice_total,
    "First there is {n} item to practise.",
    "First there are {n} items to practise.",
  );
  const counts = tn(total, "There is {n} item to rate.", "There are {n} items to rate.");
  return practice_total > 0 ? [practice, counts] : [counts];
}

export function Instructions({ study, participation, busy, onBegin }: InstructionsProps) {
  const practice = (participation?.progress.practice_total ?? 0) > 0;
  return (
    <main className="page">
      {study.warning ? (
        <section className="notice" aria-labelledby="warning">
          <h2 id="warning">{t("Please note")}</h2>
          <Prose text={study.warning} />
        </section>
      ) : null}
      <h2>{t("What you will do")}</h2>
      <Prose text={study.instructions} />
      <p>{planOf(participation).join(" ")}</p>
      <p>
        {t(
          "Your answers are saved as you go: after a reload, or when the network comes back, you go on where you were.",
        )}{" "}
        {t("The key {key} shows what can be done with the keyboard.", { key: "?" })}
      </p>
      <div className="actions">
        <button type="button" className="primary" disabled={busy} onClick={onBegin}>
          {practice ? t("Start with the practice") : t("Start")}
        </button>
      </div>
    </main>
  );
}
