import { useState } from "react";
import { Dialog } from "../rate/parts/Dialog";
import { t } from "../words/words";
import type { Dialogue } from "./calls";
import { isAlone } from "./partner";

interface FarewellProps {
  dialogue: Dialogue;
  /** The item was hidden from her, and is shown now. */
  revealed: boolean;
  /** Something is still on its way. */
  busy: boolean;
  onEnd(): void;
  onLeave(): void;
  onDone(): void;
}

/** The ways out: go on with what was said, end it, or leave. */
export function Farewell({ dialogue, revealed, busy, onEnd, onLeave, onDone }: FarewellProps) {
  const [asking, setAsking] = useState<"end" | "leave" | null>(null);
  if (dialogue.state === "ended")
    return (
      <>
        {revealed ? <p>{t("Now you see what it was about.")}</p> : null}
        <div className="actions">
          <button type="button" className="primary" onClick={onDone}>
            {t("Go on")}
          </button>
        </div>
      </>
    );
  const alone = isAlone(dialogue);
  const then = (act: () => void) => () => {
    setAsking(null);
    act();
  };
  return (
    <div className="actions">
      <button
        type="button"
        className={alone && dialogue.may_end ? "primary" : ""}
        disabled={!dialogue.may_end || busy}
        onClick={() => (alone ? onEnd() : setAsking("end"))}
      >
        {t("End the conversation")}
      </button>
      <button
        type="button"
        className={alone && !dialogue.may_end ? "primary" : "quiet"}
        onClick={() => (alone ? onLeave() : setAsking("leave"))}
      >
        {alone ? t("Look for another partner") : t("Leave")}
      </button>
      {asking === "end" ? (
        <Dialog title={t("End the conversation?")} onClose={() => setAsking(null)}>
          <p>{t("It ends for both of you, and is handed in with your answers.")}</p>
          <form method="dialog" className="actions">
            <button type="button" className="primary" onClick={then(onEnd)}>
              {t("End it")}
            </button>
            <button type="submit">{t("Keep talking")}</button>
          </form>
        </Dialog>
      ) : null}
      {asking === "leave" ? (
        <Dialog title={t("Leave this conversation?")} onClose={() => setAsking(null)}>
          <p>
            {t(
              "Your partner is told that you left. What was said is not handed in by you, and you will not meet the same partner again.",
            )}
          </p>
          <form method="dialog" className="actions">
            <button type="button" className="danger" onClick={then(onLeave)}>
              {t("Leave")}
            </button>
            <button type="submit">{t("Keep talking")}</button>
          </form>
        </Dialog>
      ) : null}
    </div>
  );
}
