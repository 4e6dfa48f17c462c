import { type GoldMark, keyOf, placeOf, supportOf, whereIs } from "../data/marks";
import { labelsOf } from "../data/questions";
import type { Question } from "../data/shapes";
import "./Marks.css";

/** The boxes of a picture where they were drawn, with the numbers that they have in the list. */
function Places({ marks, picture }: { marks: readonly GoldMark[]; picture: string }) {
  return (
    <div className="gold-picture" aria-hidden="true">
      <img src={picture} alt="" loading="lazy" decoding="async" />
      {marks.map((mark, i) => {
        const place = placeOf(mark);
        const parts = place && {
          left: `${place.x * 100}%`,
          top: `${place.y * 100}%`,
          width: `${place.width * 100}%`,
          height: `${place.height * 100}%`,
        };
        return parts ? (
          <span key={JSON.stringify(mark)} className="gold-box" style={parts}>
            <span className="tabular">{i + 1}</span>
          </span>
        ) : null;
      })}
    </div>
  );
}

/** What raters marked together: what, where, and by how many of them. */
export function Marks({
  question,
  marks,
  n_raters,
  picture,
}: {
  question: Question;
  marks: readonly GoldMark[];
  n_raters: number;
  /** What the boxes are drawn on; null where they are on frames of a film. */
  picture: string | null;
}) {
  if (marks.length === 0) return <p className="soft">nothing was marked together</p>;
  const names = new Map(labelsOf(question).map(({ key, name }) => [key, name]));
  return (
    <>
      {picture && marks.some(placeOf) ? <Places marks={marks} picture={picture} /> : null}
      <ol className="gold-marks" aria-label={`Marked together for ${question.key}`}>
        {marks.map((mark) => {
          const key = keyOf(mark);
          return (
            <li key={JSON.stringify(mark)}>
              <strong>{key ? (names.get(key) ?? key) : "no label"}</strong>{" "}
              <span className="tabular">{whereIs(mark)}</span>{" "}
              <span className="gold-support soft tabular">{supportOf(mark, n_raters)}</span>
            </li>
          );
        })}
      </ol>
    </>
  );
}
