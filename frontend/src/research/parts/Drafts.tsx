import { Link } from "wouter";
import { plural, tableCounts, when } from "../data/format";
import type { Draft } from "../data/shapes";
import type { LoadedList } from "../data/useApi";
import { Badge, StateBadge } from "./Badge";
import { type Column, DataTable } from "./DataTable";
import { Section } from "./Page";
import { More } from "./States";

const columnsFor = (name: string): Column<Draft>[] => [
  {
    label: "Would be",
    cell: (row) => (
      <Link href={`/datasets/${name}/drafts/${row.id}`} className="strong tabular">
        {row.version}
      </Link>
    ),
  },
  {
    label: "State",
    cell: (row) =>
      row.outdated ? (
        <Badge tone="warn" title={row.outdated}>
          outdated
        </Badge>
      ) : (
        <StateBadge state={row.state} />
      ),
  },
  { label: "Asked for", cell: (row) => <span className="nowrap">{when(row.created_at)}</span> },
  { label: "Rows", cell: (row) => tableCounts(row.rows) },
];

/** Drafts of a dataset; nothing where there is none. */
export function Drafts({ name, of }: { name: string; of: LoadedList<Draft> }) {
  const rows = of.data ?? [];
  if (rows.length === 0) return null;
  return (
    <Section title="Drafts" note="Only researchers see them. Look at one, then publish or discard it.">
      <DataTable
        caption={plural(rows.length, "draft")}
        columns={columnsFor(name)}
        rows={rows}
        rowKey={({ id }) => id}
      />
      <More of={of} />
    </Section>
  );
}
