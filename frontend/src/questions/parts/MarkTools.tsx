import { t } from "../../words/words";
import type { Steps } from "./useUndo";
import "./marks.css";

interface MarkToolsProps {
  steps: Steps;
  /** Nothing has been said yet: there may be nothing to mark. */
  open: boolean;
  nothing?: string;
  onNothing(): void;
}

/** Behind the buttons that mark: take back, do again, and say that there is nothing. */
export function MarkTools({ steps, open, nothing, onNothing }: MarkToolsProps) {
  const { undo, redo } = steps;
  return (
    <>
      <button type="button" className="quiet" disabled={!undo} onClick={() => undo?.()}>
        {t("Undo")}
      </button>
      <button type="button" className="quiet" disabled={!redo} onClick={() => redo?.()}>
        {t("Redo")}
      </button>
      <button type="button" className="quiet" disabled={!open} onClick={onNothing}>
        {nothing ?? t("There is nothing to mark")}
      </button>
    </>
  );
}
