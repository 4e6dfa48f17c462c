import { useState } from "react";
import type { SkipReason } from "../../api/types";
import { t } from "../../words/words";
import { Dialog } from "./Dialog";
import "./reveal.css";

interface SkipProps {
  busy: boolean;
  onSkip(reason: SkipReason): void;
}

const reasons = (): readonly { reason: SkipReason; text: string }[] => [
  { reason: "", text: t("I would rather not say") },
  { reason: "disturbing", text: t("The content disturbs me") },
  { reason: "technical", text: t("It does not show or play properly") },
  { reason: "cannot_judge", text: t("I cannot judge it") },
];

/** Leaves an item out without losing anything. */
export function SkipButton({ busy, onSkip }: SkipProps) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState<SkipReason>("");
  return (
    <>
      <button type="button" className="quiet skip" disabled={busy} onClick={() => setOpen(true)}>
        {t("Skip")}
      </button>
      {open ? (
        <Dialog title={t("Skip this item?")} onClose={() => setOpen(false)}>
          <p>{t("You lose nothing by skipping. If you like, say why:")}</p>
          <div className="skip-reasons">
            {reasons().map((one) => (
              <label key={one.reason}>
                <input
                  type="radio"
                  name="skip-reason"
                  checked={reason === one.reason}
                  onChange={() => setReason(one.reason)}
                />
                <span>{one.text}</span>
              </label>
            ))}
          </div>
          <form method="dialog" className="actions">
            <button type="button" className="primary" disabled={busy} onClick={() => onSkip(reason)}>
              {t("Skip it")}
            </button>
            <button type="submit">{t("Keep going")}</button>
          </form>
        </Dialog>
      ) : null}
    </>
  );
}
