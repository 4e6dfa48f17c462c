import { type Label, rootOf } from "./labels";
import { type Field, Wheel } from "./Wheel";

interface PetalWheelProps {
  labels: readonly Label[];
  labelledBy: string;
  multiple: boolean;
  chosen: readonly string[];
  onTake(key: string): void;
}

/** Labels as the fields of a wheel: those of one family share a petal, strongest inside. */
export function PetalWheel({ labels, labelledBy, multiple, chosen, onTake }: PetalWheelProps) {
  const petals = labels.filter((label) => label.parent === null);
  const rings = Math.max(...labels.map(({ ring }) => ring)) + 1;
  const fields = labels.map((label): Field => {
    const root = rootOf(labels, label);
    return {
      id: label.key,
      petal: petals.indexOf(root),
      ring: label.ring,
      spoken: root === label ? label.name : `${label.name} (${root.name})`,
      written: label.name,
      depth: 1 - label.ring / Math.max(rings, 2),
      chosen: chosen.includes(label.key),
      covered: false,
    };
  });
  return (
    <Wheel
      size={{ petals: petals.length, rings }}
      fields={fields}
      petals={[]}
      labelledBy={labelledBy}
      multiple={multiple}
      hub={labels.filter(({ key }) => chosen.includes(key)).map(({ name }) => name)}
      onTake={onTake}
    />
  );
}
