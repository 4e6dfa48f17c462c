import { type Coded, extentOf, type Unit } from "../parts/facs";
import { Playhead } from "../parts/Playhead";
import { lanePart } from "../parts/timeline";

interface CodedLanesProps {
  units: readonly Unit[];
  codes: readonly Coded[];
  /** What each rater coded before; where more of them did, it is darker. */
  earlier: readonly (readonly Coded[])[];
  at_s: number;
  duration_s: number;
  onSeek(at_s: number): void;
}

/** When each unit was coded before, and now: a lane for every unit that anybody gave a time. */
export function CodedLanes({ units, codes, earlier, at_s, duration_s, onSeek }: CodedLanesProps) {
  const before = earlier.flat();
  const seen = new Set([...before, ...codes].filter(extentOf).map(({ unit }) => unit));
  const marksOf = (unit: string, coded: readonly Coded[], className: string) =>
    coded.map((one, index) => {
      const extent = one.unit === unit ? extentOf(one) : null;
      if (!extent) return null;
      const style = lanePart(extent.from_s, extent.to_s - extent.from_s, duration_s);
      // biome-ignore lint/suspicious/noArrayIndexKey: a code has no name but its place in the list.
      return <div key={`${className} ${index}`} className={className} style={style} />;
    });
  return (
    <Playhead {...{ at_s, duration_s, onSeek }} zoom={0}>
      {units
        .filter(({ key }) => seen.has(key))
        .map(({ key }) => (
          <div key={key} className="lane-track">
            <span className="lane-name" aria-hidden="true">
              {key}
            </span>
            {marksOf(key, before, "lane-earlier")}
            {marksOf(key, codes, "lane-mark")}
          </div>
        ))}
    </Playhead>
  );
}
