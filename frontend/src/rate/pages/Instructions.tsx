import type { InviteStudy, Participation } from "../../api/types";
import { Prose } from "../parts/Prose";

interface InstructionsProps {
  study: InviteStudy;
  participation: Participation | null;
  busy: boolean;
  onBegin(): void;
}

function planOf(participation: Participation | null): string {
  if (!participation) return "";
  const { practice_total, total } = participation.progress;
  const practice = practice_total > 0 ? `${practice_total} to practise, then ` : "";
  return `There ${total === 1 && !practice ? "is" : "are"} ${practice}${total} to rate.`;
}

export function Instructions({ study, participation, busy, onBegin }: InstructionsProps) {
  const practice = (participation?.progress.practice_total ?? 0) > 0;
  return (
    <main className="page">
      <h2>What you will do</h2>
      <Prose text={study.instructions} />
      <p>
        {planOf(participation)} Your answers are saved as you go: after a reload, or when the network comes
        back, you go on where you were. The key <kbd>?</kbd> shows what can be done with the keyboard.
      </p>
      <div className="actions">
        <button type="button" className="primary" disabled={busy} onClick={onBegin}>
          {practice ? "Start with the practice" : "Start"}
        </button>
      </div>
    </main>
  );
}
