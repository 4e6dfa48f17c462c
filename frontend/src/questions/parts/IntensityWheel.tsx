import { type Axis, stepsOf } from "./axes";
import type { Label } from "./labels";
import { type Field, Wheel } from "./Wheel";

interface IntensityWheelProps {
  labels: readonly Label[];
  axis: Axis;
  levels: { readonly [label: string]: number };
  labelledBy: string;
  onLevel(label: string, level: number): void;
  onClear(label: string): void;
}

/** A petal for each label and a ring for each level above the lowest, stronger outward; choosing again takes back. */
export function IntensityWheel(props: IntensityWheelProps) {
  const { labels, axis, levels, labelledBy, onLevel, onClear } = props;
  const rings = stepsOf(axis).slice(1);
  const nameOf = (ring: number) => axis.points[ring + 1] ?? String(rings[ring]);
  const fields = labels.flatMap((label, petal) =>
    rings.map((level, ring): Field => {
      const given = levels[label.key] ?? axis.min;
      return {
        id: `${label.key} ${ring}`,
        petal,
        ring,
        spoken: `${label.name}: ${nameOf(ring)}`,
        written: "",
        depth: (ring + 1) / rings.length,
        chosen: given === level,
        covered: given > level,
      };
    }),
  );
  const take = (id: string) => {
    const field = fields.find((one) => one.id === id);
    const label = field && labels[field.petal];
    const level = field && rings[field.ring];
    if (!label || level === undefined) return;
    if (field.chosen) onClear(label.key);
    else onLevel(label.key, level);
  };
  return (
    <Wheel
      size={{ petals: labels.length, rings: rings.length }}
      fields={fields}
      petals={labels.map(({ name }) => name)}
      labelledBy={labelledBy}
      multiple={true}
      hub={fields.filter(({ chosen }) => chosen).map(({ spoken }) => spoken)}
      onTake={take}
    />
  );
}
