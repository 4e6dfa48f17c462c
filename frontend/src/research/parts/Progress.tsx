import { useEffect, useState } from "react";
import { count, figure, span } from "../data/format";
import { type Mark, paceOf, withMark } from "../data/pace";

interface ProgressProps {
  label: string;
  done: number;
  total: number;
  rate_per_s?: number | null;
  remaining_s?: number | null;
  unit?: string;
}

/** Work under way: how much of it is done, how fast, and how long it may still take. */
export function Progress({ label, done, total, rate_per_s, remaining_s, unit = "" }: ProgressProps) {
  const told = [
    total > 0 ? `${count(done)} of ${count(total)}${unit ? ` ${unit}` : ""}` : null,
    rate_per_s ? `${figure(rate_per_s, 1)} per s` : null,
    remaining_s ? `about ${span(remaining_s)} left` : null,
  ].filter(Boolean);
  return (
    <div className="progress">
      <div className="progress-text">
        <span>{label}</span>
        <span className="soft tabular">{told.join(" · ")}</span>
      </div>
      <progress aria-label={label} {...(total > 0 ? { value: done, max: total } : {})} />
    </div>
  );
}

/** Progress of counts that are polled: the pace is measured here. */
export function PolledProgress({
  label,
  done,
  total,
  unit = "",
}: Omit<ProgressProps, "rate_per_s" | "remaining_s">) {
  const [marks, setMarks] = useState<Mark[]>([]);
  useEffect(() => {
    setMarks((old) => withMark(old, { at_ms: performance.now(), done }));
  }, [done]);
  const pace = paceOf(marks, total);
  return (
    <Progress
      label={label}
      done={done}
      total={total}
      unit={unit}
      rate_per_s={pace?.rate_per_s ?? null}
      remaining_s={pace?.remaining_s ?? null}
    />
  );
}
