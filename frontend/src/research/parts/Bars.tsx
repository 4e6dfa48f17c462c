import { count, figure, percent } from "../data/format";
import { place } from "../plot/scale";

export interface Share {
  key: string;
  name: string;
  n: number;
}

/** How many votes each label has, in the order of the taxonomy; labels that nobody chose are left out. */
export function VoteBars({ votes, winner }: { votes: readonly Share[]; winner: string | null }) {
  const total = votes.reduce((sum, vote) => sum + vote.n, 0);
  const chosen = votes.filter((vote) => vote.n > 0);
  if (total === 0) return <p className="soft">no votes</p>;
  return (
    <ul className="votes">
      {chosen.map(({ key, name, n }) => (
        <li key={key} className={key === winner ? "winner" : undefined}>
          <span className="votes-name">{name}</span>
          <span className="votes-bar" aria-hidden="true">
            <span style={{ width: percent(n / total).replace(" ", "") }} />
          </span>
          <span className="tabular">{count(n)}</span>
        </li>
      ))}
    </ul>
  );
}

/** A mean with one standard deviation to each side, on the scale's own range. */
export function MeanBar({
  name,
  low,
  high,
  mean,
  sd,
}: {
  name: string;
  low: number;
  high: number;
  mean: number;
  sd: number | null;
}) {
  const left = place(mean - (sd ?? 0), low, high);
  const right = place(mean + (sd ?? 0), low, high);
  return (
    <div className="mean">
      <span className="mean-name">{name}</span>
      <span className="mean-bar" aria-hidden="true" title={`${figure(low, 0)} to ${figure(high, 0)}`}>
        <span className="mean-sd" style={{ left: `${left * 100}%`, width: `${(right - left) * 100}%` }} />
        <span className="mean-dot" style={{ left: `${place(mean, low, high) * 100}%` }} />
      </span>
      <span className="tabular">
        {figure(mean)} <span className="soft">± {figure(sd)}</span>
      </span>
    </div>
  );
}

/** A point in the valence-arousal square, -1 to 1 on both axes. */
export function VadPoint({
  valence,
  arousal,
  dominance,
}: {
  valence: number;
  arousal: number;
  dominance: number | null;
}) {
  const told = [
    `valence ${figure(valence)}`,
    `arousal ${figure(arousal)}`,
    dominance === null ? null : `dominance ${figure(dominance)}`,
  ].filter(Boolean);
  return (
    <div className="vad">
      <svg viewBox="-1.15 -1.15 2.3 2.3" role="img" aria-label={told.join(", ")}>
        <rect x="-1" y="-1" width="2" height="2" className="vad-frame" />
        <path d="M-1 0H1M0 -1V1" className="vad-axes" />
        <circle cx={valence} cy={-arousal} r="0.14" className="vad-dot" />
      </svg>
      <ul className="tabular">
        {told.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}

/** A value with its interval on the range of the measure. */
export function IntervalBar({
  value,
  low,
  high,
  from,
}: {
  value: number | null;
  low: number | null;
  high: number | null;
  from: number;
}) {
  if (value === null) return null;
  const at = (number: number) => `${place(number, from, 1) * 100}%`;
  return (
    <span className="interval" aria-hidden="true">
      {from < 0 ? <span className="interval-zero" style={{ left: at(0) }} /> : null}
      {low !== null && high !== null ? (
        <span
          className="interval-range"
          style={{ left: at(low), width: `${(place(high, from, 1) - place(low, from, 1)) * 100}%` }}
        />
      ) : null}
      <span className="interval-value" style={{ left: at(value) }} />
    </span>
  );
}

/** Parts of a whole beside each other, with their figures. */
export function SplitBar({ parts }: { parts: readonly Share[] }) {
  const total = parts.reduce((sum, part) => sum + part.n, 0);
  return (
    <div className="split">
      <div className="split-bar" aria-hidden="true">
        {parts.map(({ key, n }, index) => (
          <span key={key} className={`split-${index % 4}`} style={{ flexGrow: n }} />
        ))}
      </div>
      <ul>
        {parts.map(({ key, name, n }, index) => (
          <li key={key}>
            <span className={`swatch split-${index % 4}`} aria-hidden="true" />
            {name} <strong className="tabular">{count(n)}</strong>{" "}
            <span className="soft tabular">{total > 0 ? percent(n / total) : ""}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
