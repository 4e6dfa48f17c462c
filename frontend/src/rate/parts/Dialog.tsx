import { type ReactNode, useEffect, useRef } from "react";

interface DialogProps {
  title: string;
  children: ReactNode;
  onClose(): void;
}

/** The browser's own modal dialog: it keeps the focus and closes with Escape. */
export function Dialog({ title, children, onClose }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    ref.current?.showModal();
  }, []);
  return (
    <dialog ref={ref} aria-labelledby="dialog-title" onClose={onClose}>
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  );
}
