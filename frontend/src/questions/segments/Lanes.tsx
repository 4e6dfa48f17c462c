import type { MarkLabel } from "../parts/markoptions";
import { lanePart, percentOf, type Segment } from "../parts/timeline";

interface LanesProps {
  labels: readonly MarkLabel[];
  segments: readonly Segment[];
  /** What each rater marked before; where more of them did, it is darker. */
  earlier: readonly (readonly Segment[])[];
  chosen: number | null;
  duration_s: number;
  /** What has begun and not ended yet; null: nothing. */
  pending: { label: string; from_s: number; to_s: number } | null;
}

/** One lane for each label, with its segments on it. */
export function Lanes({ labels, segments, earlier, chosen, duration_s, pending }: LanesProps) {
  return labels.map((track) => (
    <div key={track.key} className="lane-track">
      <span className="lane-name" aria-hidden="true">
        {track.name}
      </span>
      {earlier.flat().map((one, index) =>
        one.label === track.key ? (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: as below.
            key={`earlier ${index}`}
            className="lane-earlier"
            style={lanePart(one.start_s, (one.end_s ?? duration_s) - one.start_s, duration_s)}
          />
        ) : null,
      )}
      {segments.map((one, index) =>
        one.label === track.key ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a mark has no name but its place in the list.
          <Mark key={index} segment={one} duration_s={duration_s} chosen={index === chosen} />
        ) : null,
      )}
      {pending?.label === track.key ? (
        <div
          className="lane-mark pending"
          style={lanePart(pending.from_s, Math.max(pending.to_s - pending.from_s, 0), duration_s)}
        />
      ) : null}
    </div>
  ));
}

function Mark({ segment, duration_s, chosen }: { segment: Segment; duration_s: number; chosen: boolean }) {
  const end_s = segment.end_s ?? duration_s;
  const shape = segment.end_s === null ? " open" : "";
  return (
    <>
      <div
        className={`lane-mark${shape}${chosen ? " chosen" : ""}`}
        style={lanePart(segment.start_s, end_s - segment.start_s, duration_s)}
      />
      {segment.apex_s === null ? null : (
        <div className="lane-apex" style={{ left: percentOf(segment.apex_s, duration_s) }} />
      )}
    </>
  );
}
