import { count, figure, plural } from "../data/format";
import type { ReleaseDetail } from "../data/shapes";
import { DataTable } from "./DataTable";
import { Section } from "./Page";

type Report = NonNullable<ReleaseDetail["summary"]["mappings"]>[number];
type Fit = NonNullable<Report["found"]["fit"]>[number];

const FIGURES: readonly (readonly [label: string, key: "r" | "ccc" | "slope" | "rmse"])[] = [
  ["r", "r"],
  ["CCC", "ccc"],
  ["Slope", "slope"],
  ["RMSE", "rmse"],
];

function Fitted({ report, fit }: { report: Report; fit: readonly Fit[] }) {
  return (
    <DataTable
      caption={`How well ${report.name} predicts held-out groups of the training part`}
      columns={[
        { label: "Dimension", cell: ({ dimension }: Fit) => dimension },
        ...FIGURES.map(([label, key]) => ({
          label,
          figures: true,
          cell: (one: Fit) => figure(one[key]),
          csv: (one: Fit) => one[key],
        })),
        { label: "Items", figures: true, cell: ({ n_items }: Fit) => count(n_items) },
      ]}
      rows={fit}
      rowKey={({ dimension }) => dimension}
      csvName={`${report.question}-${report.name}`}
    />
  );
}

/** The columns of a release that nobody rated, and how far the fitted ones can be trusted. */
export function Mapped({ reports }: { reports: readonly Report[] }) {
  if (reports.length === 0) return null;
  return (
    <Section title="Mapped labels" note="Nobody rated these columns; they are computed from the labels.">
      {reports.map((report) => (
        <div key={`${report.question} ${report.name}`}>
          <ul className="bullets">
            {report.columns.map((name) => (
              <li key={name}>
                <code className="path">{name}</code>
              </li>
            ))}
          </ul>
          <p className="soft small-text">
            {report.found.source}
            {report.found.reason ? `: ${report.found.reason}` : ""} ({plural(report.found.items, "item")})
          </p>
          {report.found.fit ? <Fitted report={report} fit={report.found.fit} /> : null}
        </div>
      ))}
    </Section>
  );
}
