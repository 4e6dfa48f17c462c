import { figure, words } from "../data/format";
import type { ReleaseDetail } from "../data/shapes";
import { inOrder } from "../data/splits";
import { type Column, DataTable } from "./DataTable";
import { Section } from "./Page";
import "./Balance.css";

/** Part, then label, then distance; null: no item of the part has the label. */
export type Distances = Record<string, Record<string, number | null>>;

interface BalanceProps {
  name: string;
  /** Items of each part. */
  sizes: Record<string, number>;
  distances: Distances;
}

/** What a scheme that spreads no labels balances: the number of items, which the shares tell already. */
const NO_LABEL = "items";

const withoutNumbers = (distances: Distances): Distances =>
  Object.fromEntries(Object.entries(distances).map(([role, { [NO_LABEL]: _, ...labels }]) => [role, labels]));

/** What is told of each scheme: of the one that makes the parts every label, of others what they spread. */
export function balances(summary: ReleaseDetail["summary"]): BalanceProps[] {
  const { balance = {}, default_split, schemes = [] } = summary;
  return schemes.map(({ name, sizes, total_variation }) => {
    const spread = withoutNumbers(total_variation);
    const all = (role: string) => ({ ...(name === default_split ? balance[role] : {}), ...spread[role] });
    return {
      name,
      sizes,
      distances: Object.fromEntries(Object.keys(sizes).map((role) => [role, all(role)])),
    };
  });
}

interface BalanceRow {
  label: string;
  of: Record<string, number | null | undefined>;
}

const rowsOf = (roles: readonly string[], distances: Distances): BalanceRow[] => {
  const labels = new Set(roles.flatMap((role) => Object.keys(distances[role] ?? {})));
  return [...labels].map((label) => ({
    label,
    of: Object.fromEntries(roles.map((role) => [role, distances[role]?.[label]])),
  }));
};

const columnOf = (role: string): Column<BalanceRow> => ({
  label: words(role),
  cell: ({ of }) => (
    <span className="balance">
      <span className="balance-bar" aria-hidden="true">
        <span style={{ width: `${(of[role] ?? 0) * 100}%` }} />
      </span>
      <span className="tabular">{figure(of[role])}</span>
    </span>
  ),
  csv: ({ of }) => of[role],
});

/** How far the labels of each part are from those of all items; nothing where there are no labels. */
export function Balance({ name, sizes, distances }: BalanceProps) {
  const roles = inOrder(sizes).map(([role]) => role);
  const rows = rowsOf(roles, distances);
  if (rows.length === 0) return null;
  return (
    <Section
      title={`Balance of ${name}`}
      note="Total variation distance between the labels of a part and those of all items: 0 is the same distribution, 1 has nothing in common."
    >
      <DataTable
        caption="Distance by label and part"
        columns={[
          {
            label: "Label",
            cell: ({ label }) => <span className="path">{label}</span>,
            csv: ({ label }) => label,
          },
          ...roles.map(columnOf),
        ]}
        rows={rows}
        rowKey={({ label }) => label}
        csvName={`balance-${name}`}
      />
    </Section>
  );
}
