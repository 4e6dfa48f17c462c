import { figure } from "../data/format";

interface HeatmapProps {
  caption: string;
  names: readonly string[];
  values: readonly (readonly (number | null)[])[];
}

/** Per cent of colour at 1 or -1: more, and the figures in it are hard to read in the dark scheme. */
const STRONGEST = 35;

const shade = (value: number | null) => {
  if (value === null) return undefined;
  const colour = value < 0 ? "var(--valence-low)" : "var(--accent)";
  return `color-mix(in srgb, ${colour} ${Math.round(Math.min(1, Math.abs(value)) * STRONGEST)}%, var(--surface))`;
};

/** A square of numbers from -1 to 1, darker the further from 0. The diagonal says nothing and is empty. */
export function Heatmap({ caption, names, values }: HeatmapProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must reach what is wider than the page.
    <section className="table-frame heatmap-frame" aria-label={caption} tabIndex={0}>
      <table className="heatmap">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <td />
            {names.map((name) => (
              <th key={name} scope="col" title={name}>
                {name.slice(0, 5)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((name, row) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {names.map((other, column) => {
                const value = row === column ? null : (values[row]?.[column] ?? null);
                return (
                  <td key={other} style={{ background: shade(value) }} title={`${name} and ${other}`}>
                    {row === column ? "" : figure(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
