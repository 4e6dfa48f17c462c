import { shareOf, stepsOf } from "./axes";
import { Face } from "./drawings/Face";
import { Manikin, type Picture } from "./drawings/Manikin";
import { Anchors, PointRow, type PointsProps } from "./Points";

export function Faces(props: PointsProps) {
  return (
    <>
      <PointRow
        {...props}
        className="pictured"
        picture={(point) => <Face valence={2 * shareOf(props.axis, point) - 1} arousal={0.5} />}
      />
      <Anchors axis={props.axis} />
    </>
  );
}

/** Five figures; with nine points, the four between two figures have a dot. */
export function Manikins({ picture, ...props }: PointsProps & { picture: Picture }) {
  const between = stepsOf(props.axis).length === 9;
  return (
    <>
      <PointRow
        {...props}
        className={between ? "pictured between" : "pictured"}
        picture={(point, index) =>
          between && index % 2 === 1 ? (
            <span className="point-dot" />
          ) : (
            <Manikin picture={picture} share={shareOf(props.axis, point)} />
          )
        }
      />
      <Anchors axis={props.axis} />
    </>
  );
}
