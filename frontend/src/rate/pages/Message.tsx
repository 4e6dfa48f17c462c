import type { ReactNode } from "react";

interface MessageProps {
  title: string;
  children: ReactNode;
  action?: { label: string; run(): void; busy: boolean };
}

/** A page that says one thing and offers at most one way on. */
export function Message({ title, children, action }: MessageProps) {
  return (
    <main className="page centred">
      <h2>{title}</h2>
      {children}
      {action ? (
        <button type="button" className="primary" disabled={action.busy} onClick={action.run}>
          {action.label}
        </button>
      ) : null}
    </main>
  );
}
