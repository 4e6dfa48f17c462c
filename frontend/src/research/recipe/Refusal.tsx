import { useEffect, useRef } from "react";
import { changedMeanwhile, explain } from "../data/api";
import type { Fault } from "../data/recipe";

/** Why it was not saved; takes the focus, so that nobody looks for it. */
export function Refusal({ error, faults }: { error: unknown; faults: readonly Fault[] }) {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another refusal takes the focus again.
  useEffect(() => box.current?.focus(), [error]);
  return (
    <div className="problem" role="alert" ref={box} tabIndex={-1}>
      {faults.length === 0 ? <p>{explain(error)}</p> : <p>It was not saved:</p>}
      {changedMeanwhile(error) ? (
        <p>
          Open this page again to see what it is now; what you typed here is not lost as long as it stays
          open.
        </p>
      ) : null}
      <ul className="bullets">
        {faults.map(({ place, reason }) => (
          <li key={`${place} ${reason}`}>
            {place ? `${place}: ` : ""}
            {reason}
          </li>
        ))}
      </ul>
    </div>
  );
}
