import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { explain } from "../data/api";

interface ConfirmProps {
  title: string;
  action: string;
  danger?: boolean;
  children: ReactNode;
  /** The dialog closes when it is done, and shows why when it fails. */
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

/** Asks before something is done. */
export function Confirm({ title, action, danger = false, children, onConfirm, onClose }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (dialog.current && !dialog.current.open) dialog.current.showModal();
  }, []);
  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={heading} onCancel={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        <h2 id={heading}>{title}</h2>
        {children}
        {error ? (
          <p className="field-error" role="alert">
            {explain(error)}
          </p>
        ) : null}
        <div className="dialog-actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className={danger ? "danger" : "primary"} disabled={busy}>
            {busy ? "Working …" : action}
          </button>
        </div>
      </form>
    </dialog>
  );
}
