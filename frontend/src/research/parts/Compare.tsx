import { useState } from "react";
import { api } from "../data/api";
import { count, plural, words } from "../data/format";
import type { Compared, Difference, Job, Release, TableDifference } from "../data/shapes";
import { useApi, useList } from "../data/useApi";
import { Badge } from "./Badge";
import { type Column, DataTable } from "./DataTable";
import { Field } from "./Field";
import { busy, JobProgress } from "./Jobs";
import { More, Problem, Shown } from "./States";

const columnsText = ({ columns_added, columns_removed, columns_changed }: TableDifference) =>
  [
    ...columns_added.map((name) => `+ ${name}`),
    ...columns_removed.map((name) => `− ${name}`),
    ...columns_changed.map((name) => `~ ${name}`),
  ].join(", ");

const figures = (key: "added" | "removed" | "changed" | "moved", label: string): Column<TableDifference> => ({
  label,
  figures: true,
  cell: (row) => count(row[key]),
  csv: (row) => row[key],
});

const COLUMNS: Column<TableDifference>[] = [
  { label: "Table", cell: ({ table }) => words(table), csv: ({ table }) => table },
  figures("added", "Rows added"),
  figures("removed", "Removed"),
  figures("changed", "Changed"),
  figures("moved", "Moved to another part"),
  { label: "Columns", cell: (row) => columnsText(row) || "the same", csv: columnsText },
];

function Examples({ tables }: { tables: readonly TableDifference[] }) {
  const told = tables.flatMap(({ table, examples }) =>
    Object.entries(examples ?? {}).map(([kind, keys]) => ({ table, kind, keys })),
  );
  if (told.length === 0) return null;
  return (
    <details>
      <summary>A few of the rows</summary>
      <ul className="bullets">
        {told.map(({ table, kind, keys }) => (
          <li key={`${table} ${kind}`}>
            {words(table)}, {kind}: <code>{keys.join(", ")}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Changes({ difference, name }: { difference: Difference; name: string }) {
  const { bump, reasons, tables } = difference;
  if (reasons.length === 0) return <p>Both hold the same values.</p>;
  return (
    <>
      <p>
        <Badge tone={bump === "MAJOR" ? "warn" : "plain"}>{bump}</Badge> is the smallest step of the version
        that {plural(reasons.length, "change")} ask{reasons.length === 1 ? "s" : ""} for.
      </p>
      {tables.length > 0 ? (
        <DataTable
          caption="Tables that differ"
          columns={COLUMNS}
          rows={tables}
          rowKey={({ table }) => table}
          csvName={name}
        />
      ) : null}
      <ul className="bullets">
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      <Examples tables={tables} />
    </>
  );
}

/** Two whose tables are too large to be compared while somebody waits: a job does it when it is asked to. */
function Large({ of, at, onAsked }: { of: Compared; at: string; onAsked: () => void }) {
  const [error, setError] = useState<unknown>(null);
  const { job, reason, tables_that_differ } = of;
  const ask = () => {
    setError(null);
    api.post<Job>(at).then(onAsked).catch(setError);
  };
  return (
    <>
      <p>Tables that differ: {tables_that_differ.map(words).join(", ")}.</p>
      {job && busy(job) ? (
        <JobProgress job={job} />
      ) : (
        <>
          <p>{job?.error?.message ?? reason}</p>
          <p>
            <button type="button" onClick={ask}>
              Compare all rows
            </button>
          </p>
        </>
      )}
      {error ? <Problem error={error} /> : null}
    </>
  );
}

const POLL_MS = 1500;

interface CompareProps {
  name: string;
  version: string;
  /** The id of a draft, which is no release yet. */
  draft?: string | undefined;
  parent: string | null;
}

/** What somebody who goes from another release to this one would find different. */
export function Compare({ name, version, draft, parent }: CompareProps) {
  const releases = useList<Release>(`datasets/${name}/releases/`);
  const [chosen, setChosen] = useState(parent ?? "");
  const others = (releases.data ?? []).filter(
    (one) => (draft || one.version !== version) && one.state !== "withdrawn",
  );
  const other = others.some((one) => one.version === chosen) ? chosen : "";
  const difference = draft
    ? `drafts/${draft}/difference/?from=${other}`
    : `releases/${other}/difference/?to=${version}`;
  const at = `datasets/${name}/${difference}`;
  const compared = useApi<Compared>(other ? at : null, ({ job }) => (job && busy(job) ? POLL_MS : null));
  return (
    <Shown of={releases}>
      {() =>
        others.length === 0 ? (
          <p className="soft">There is no other release to compare with.</p>
        ) : (
          <>
            <form onSubmit={(event) => event.preventDefault()}>
              <Field label="From release" reasons={[]}>
                {(field) => (
                  <select {...field} value={other} onChange={(event) => setChosen(event.target.value)}>
                    <option value="">choose one</option>
                    {others.map((one) => (
                      <option key={one.version}>{one.version}</option>
                    ))}
                  </select>
                )}
              </Field>
            </form>
            <More of={releases} />
            {other ? (
              <Shown of={compared}>
                {(found) =>
                  found.difference ? (
                    <Changes difference={found.difference} name={`${name}-${other}-to-${version}`} />
                  ) : (
                    <Large of={found} at={at} onAsked={compared.reload} />
                  )
                }
              </Shown>
            ) : null}
          </>
        )
      }
    </Shown>
  );
}
