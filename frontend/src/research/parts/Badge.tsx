import type { ReactNode } from "react";

export type Tone = "plain" | "good" | "warn" | "bad" | "busy";

export function Badge({
  tone = "plain",
  title,
  children,
}: {
  tone?: Tone;
  title?: string;
  children: ReactNode;
}) {
  return (
    <span className={`badge ${tone}`} title={title}>
      {children}
    </span>
  );
}

export const Synthetic = () => (
  <Badge tone="warn" title="Made by script, not recorded from people">
    synthetic
  </Badge>
);

export const Simulated = () => (
  <Badge tone="warn" title="Answers of programs, not of people">
    simulated
  </Badge>
);

const STATE_TONES: Record<string, Tone> = {
  open: "good",
  ready: "good",
  published: "good",
  succeeded: "good",
  completed: "good",
  queued: "busy",
  running: "busy",
  pending: "busy",
  draft: "busy",
  failed: "bad",
  quarantined: "bad",
  deprecated: "warn",
  yanked: "bad",
  withdrawn: "bad",
};

export const StateBadge = ({ state }: { state: string }) => (
  <Badge tone={STATE_TONES[state] ?? "plain"}>{state}</Badge>
);
