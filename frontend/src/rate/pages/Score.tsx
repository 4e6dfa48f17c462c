import type { PracticeScore } from "../../api/types";
import { t } from "../../words/words";
import { Message } from "./Message";

interface ScoreProps {
  scores: readonly PracticeScore[];
  busy: boolean;
  onNext(): void;
}

function line({ dimension, share_in_band: share, lag_s: lag, reason }: PracticeScore): string {
  if (share === null) return t("{dimension}: no score ({reason})", { dimension, reason });
  const near = t("{dimension}: you were near the target {part} % of the time.", {
    dimension,
    part: Math.round(share * 100),
  });
  return lag === null
    ? near
    : `${near} ${t("You followed it {seconds} s later.", { seconds: lag.toFixed(1) })}`;
}

/** What the server says of a practice trace. */
export function Score({ scores, busy, onNext }: ScoreProps) {
  return (
    <Message title={t("How near you were")} action={{ label: t("Go on"), busy, run: onNext }}>
      {scores.map((score) => (
        <p key={`${score.question}.${score.dimension}`}>{line(score)}</p>
      ))}
      <p>
        {t("This was practice, to get to know the control. When your answers count, there is no target.")}
      </p>
    </Message>
  );
}
