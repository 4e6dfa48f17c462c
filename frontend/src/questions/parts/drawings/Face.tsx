import "./drawings.css";

interface FaceProps {
  /** -1 (very unpleasant) to 1 (very pleasant). */
  valence: number;
  /** 0 (asleep) to 1 (wide awake). */
  arousal: number;
}

const fixed = (value: number): number => Math.round(value * 100) / 100;

/** A face of our own: the mouth bends with valence and opens with arousal, eyes open and brows rise or slant. */
export function Face({ valence, arousal }: FaceProps) {
  const bend = fixed(8 * valence);
  const gape = fixed(9 * Math.max(0, arousal - 0.55));
  const corner = fixed(33 - 3.2 * valence);
  const eye = fixed(0.6 + 3.6 * arousal);
  // Displeasure pulls the inner ends down when awake (anger), and up when not (sorrow).
  const slant = fixed(valence < 0 ? -valence * (arousal - 0.45) * 7 : 0);
  const brow = fixed(15.5 - 3 * arousal);
  const lip = `M15 ${corner}Q24 ${corner + bend} 33 ${corner}`;
  const open = `Q24 ${fixed(corner + bend + 2 * gape)} 15 ${corner}Z`;
  return (
    <svg className="face" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <circle className="face-skin" cx="24" cy="24" r="21" />
      <path className="face-line" d={`M12 ${brow - slant / 2}L20 ${brow + slant}`} />
      <path className="face-line" d={`M36 ${brow - slant / 2}L28 ${brow + slant}`} />
      {[16.5, 31.5].map((x) => (
        <ellipse key={x} className="face-fill" cx={x} cy="21" rx="2.4" ry={Math.max(0.7, eye * 0.8)} />
      ))}
      <path className={gape > 0.6 ? "face-line face-fill" : "face-line"} d={gape > 0.6 ? lip + open : lip} />
    </svg>
  );
}
