import { useState } from "react";
import type { InviteStudy } from "../../api/types";
import { t, tn } from "../../words/words";
import { Prose } from "../parts/Prose";

interface WelcomeProps {
  study: InviteStudy;
  textChanged: boolean;
  busy: boolean;
  onAgree(): void;
  onDecline(): void;
}

export function Welcome({ study, textChanged, busy, onAgree, onDecline }: WelcomeProps) {
  const [agreed, setAgreed] = useState(false);
  const { text, produced } = study.consent;
  const [agreedToo, setAgreedToo] = useState(produced === null);
  return (
    <main className="page">
      <Prose text={study.description} />
      {study.estimated_minutes === null ? null : (
        <p className="fact">{tn(study.estimated_minutes, "About {n} minute.", "About {n} minutes.")}</p>
      )}
      {study.synthetic_media ? (
        <p className="notice">
          {t("The material of this study is synthetic: it was made by a script to try the platform out.")}
        </p>
      ) : null}
      <h2>{t("Before you begin")}</h2>
      {textChanged ? (
        <p className="notice" role="alert">
          {t("This text has changed since you opened the page. Please read it again.")}
        </p>
      ) : null}
      <div className="consent">
        <Prose text={text} />
      </div>
      <label className="agree">
        <input type="checkbox" checked={agreed} onChange={(event) => setAgreed(event.target.checked)} />
        <span>{t("I have read this and I want to take part.")}</span>
      </label>
      {produced === null ? null : (
        <label className="agree">
          <input
            type="checkbox"
            checked={agreedToo}
            onChange={(event) => setAgreedToo(event.target.checked)}
          />
          <span dir="auto">{produced}</span>
        </label>
      )}
      <div className="actions">
        <button type="button" className="primary" disabled={!agreed || !agreedToo || busy} onClick={onAgree}>
          {t("Agree and continue")}
        </button>
        <button type="button" disabled={busy} onClick={onDecline}>
          {t("I do not want to take part")}
        </button>
      </div>
    </main>
  );
}
