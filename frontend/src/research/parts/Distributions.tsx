import { useState } from "react";
import { count, figure, percent, plural } from "../data/format";
import type { LabelDistribution } from "../data/shapes";
import { inOrder } from "../data/splits";
import { type Column, DataTable } from "./DataTable";
import "./Distributions.css";

export const LABELS = "Labels in each split";
export const LABELS_NOTE =
  "Share of the split’s items with a label that have this value; n: items with a label, in the same order.";

const total = (counts: readonly number[]) => counts.reduce((sum, n) => sum + n, 0);

/** The values of a label, or the steps of a scale, as people read them. */
function valueNames({ values, edges }: LabelDistribution): string[] {
  if (values) return values.map((value) => value ?? "all others");
  const ends = edges ?? [];
  return ends.slice(1).map((end, at) => `${short(ends[at] ?? end)} to ${short(end)}`);
}

/** Two decimals at most: the ends of five steps need no more. */
const short = (value: number) => figure(value).replace(/\.?0+$/, "");

/** Four colours; of folds beyond them, the same paler. */
const colourOf = (at: number) => `split-${at % 4} paler-${Math.floor(at / 4)}`;

interface Row {
  label: string;
  value: string;
  counts: Record<string, number>;
}

const rowsOf = (label: LabelDistribution): Row[] =>
  valueNames(label).map((value, at) => ({
    label: label.label,
    value,
    counts: Object.fromEntries(Object.entries(label.counts).map(([role, of]) => [role, of[at] ?? 0])),
  }));

/** One label: for each of its values a bar of each part, as long as the share of the part's items that have it. */
function Plot({ of, roles }: { of: LabelDistribution; roles: readonly string[] }) {
  const sizes = Object.fromEntries(roles.map((role) => [role, total(of.counts[role] ?? [])]));
  const rows = rowsOf(of);
  const share = (row: Row, role: string) => (row.counts[role] ?? 0) / Math.max(sizes[role] ?? 0, 1);
  const longest = Math.max(...rows.flatMap((row) => roles.map((role) => share(row, role))), 0.01);
  return (
    <figure>
      <figcaption>
        <strong className="path small-text">{of.label}</strong>{" "}
        <span className="soft small-text tabular">
          n = {roles.map((role) => count(sizes[role] ?? 0)).join(" · ")}
        </span>
      </figcaption>
      <ul className="distribution small-text" aria-hidden="true">
        {rows.map((row) => (
          <li key={row.value}>
            <span className="distribution-value">{row.value}</span>
            <span className="distribution-bars">
              {roles.map((role, at) => (
                <span
                  key={role}
                  className={colourOf(at)}
                  style={{ width: `${(share(row, role) / longest) * 100}%` }}
                />
              ))}
            </span>
          </li>
        ))}
      </ul>
      <p className="distribution-axis soft small-text tabular" aria-hidden="true">
        <span>0</span>
        <span>{percent(longest)}</span>
      </p>
    </figure>
  );
}

const columnsOf = (roles: readonly string[]): Column<Row>[] => [
  { label: "Label", cell: ({ label }) => <span className="path">{label}</span>, csv: ({ label }) => label },
  { label: "Value", cell: ({ value }) => value, csv: ({ value }) => value },
  ...roles.map((role) => ({
    label: role,
    figures: true,
    cell: ({ counts }: Row) => count(counts[role] ?? 0),
    csv: ({ counts }: Row) => counts[role] ?? 0,
  })),
];

interface Counted {
  default_split?: string | undefined;
  distributions?: LabelDistribution[] | undefined;
  other_distributions?: { scheme: string; distributions: LabelDistribution[] }[] | undefined;
}

/** How the labels are spread in each part of the items, in the scheme that the reader chooses. */
export function Distributions({
  of,
  name,
}: {
  of: Counted;
  /** Of the CSV file. */
  name: string;
}) {
  const { default_split = "", distributions = [], other_distributions = [] } = of;
  const [chosen, setChosen] = useState(default_split);
  const other = other_distributions.find(({ scheme }) => scheme === chosen);
  return (
    <>
      {other_distributions.length > 0 ? (
        <label className="distribution-scheme">
          Scheme{" "}
          <select value={other ? chosen : default_split} onChange={(event) => setChosen(event.target.value)}>
            {[default_split, ...other_distributions.map(({ scheme }) => scheme)].map((scheme) => (
              <option key={scheme} value={scheme}>
                {scheme}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      <Scheme of={other?.distributions ?? distributions} name={other ? `${name}-${chosen}` : name} />
    </>
  );
}

/** The labels of one scheme; its parts are those that the labels are counted in. */
function Scheme({ of, name }: { of: readonly LabelDistribution[]; name: string }) {
  const roles = inOrder(of[0]?.counts ?? {}).map(([role]) => role);
  return (
    <>
      <ul className="distribution-parts">
        {roles.map((role, at) => (
          <li key={role}>
            <span className={`swatch ${colourOf(at)}`} aria-hidden="true" /> {role}
          </li>
        ))}
      </ul>
      <div className="distributions">
        {of.map((label) => (
          <Plot key={label.label} of={label} roles={roles} />
        ))}
      </div>
      <details>
        <summary>Numbers of {plural(of.length, "label")}</summary>
        <DataTable
          caption="Items by label, value and split"
          columns={columnsOf(roles)}
          rows={of.flatMap(rowsOf)}
          rowKey={({ label, value }) => `${label} ${value}`}
          csvName={name}
        />
      </details>
    </>
  );
}
