import { Face } from "./Face";

export type Picture = "valence" | "arousal" | "dominance";

interface ManikinProps {
  picture: Picture;
  /** 0 (lowest point of the scale) to 1 (highest). */
  share: number;
}

/** Figures of our own for the three dimensions: how the face looks, how much stirs, how large somebody stands. */
export function Manikin({ picture, share }: ManikinProps) {
  if (picture === "valence") return <Face valence={2 * share - 1} arousal={0.5} />;
  if (picture === "arousal") return <Stirred share={share} />;
  return <Standing share={share} />;
}

const BEAMS = [-150, -120, -90, -60, -30, -175, -5];

/** Hangs with closed eyes, or stands with raised arms, wide eyes, a racing pulse and beams around the head. */
function Stirred({ share }: { share: number }) {
  const hand = 38 - 26 * share;
  const pulse = 7.5 * share;
  const beams = BEAMS.slice(0, Math.round(share * BEAMS.length));
  return (
    <svg className="manikin" viewBox="0 0 48 56" aria-hidden="true" focusable="false">
      {beams.map((degrees) => {
        const [x, y] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
        return (
          <path
            key={degrees}
            className="face-line"
            d={`M${24 + 12 * x} ${15 + 12 * y}L${24 + 15 * x} ${15 + 15 * y}`}
          />
        );
      })}
      <path className="manikin-arm" d={`M14 32Q7 34 6 ${hand}`} />
      <path className="manikin-arm" d={`M34 32Q41 34 42 ${hand}`} />
      <path className="face-skin" d="M12 55Q11 27 24 26Q37 27 36 55Z" />
      <circle className="face-skin" cx="24" cy="15" r="9.5" />
      {[20.5, 27.5].map((x) => (
        <ellipse
          key={x}
          className="face-fill"
          cx={x}
          cy="14.5"
          rx={2.2 - 0.5 * share}
          ry={0.7 + 2.2 * share}
        />
      ))}
      <path className="face-line" d={`M15 42H20L22 ${42 - pulse}L25 ${42 + pulse}L27 42H33`} />
    </svg>
  );
}

/** Small and with hanging arms in a large room, or filling it with hands on the hips. */
function Standing({ share }: { share: number }) {
  const size = 0.42 + 0.58 * share;
  const elbow = 2 + 7 * share;
  return (
    <svg className="manikin" viewBox="0 0 48 56" aria-hidden="true" focusable="false">
      <rect className="manikin-room" x="1" y="1" width="46" height="54" rx="3" />
      <g transform={`translate(24 53) scale(${size}) translate(-24 -50)`}>
        <path className="manikin-arm" d={`M17 22Q${14 - elbow} 27 ${17 - 3 * (1 - share)} 34`} />
        <path className="manikin-arm" d={`M31 22Q${34 + elbow} 27 ${31 + 3 * (1 - share)} 34`} />
        <path className="face-skin" d="M16 50L17 22Q24 17 31 22L32 50H26L24 38L22 50Z" />
        <circle className="face-skin" cx="24" cy="11" r="8" />
        <circle className="face-fill" cx="21.2" cy="10.5" r="1.2" />
        <circle className="face-fill" cx="26.8" cy="10.5" r="1.2" />
        <path className="face-line" d="M21 14.5H27" />
      </g>
    </svg>
  );
}
