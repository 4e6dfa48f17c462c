import { count, figure, measureName, words } from "../data/format";
import { IntervalBar } from "./Bars";
import { type Column, DataTable } from "./DataTable";
import { Hint } from "./Hint";

/** One agreement result, of a study or of a release. */
export interface AgreementRow {
  key: string;
  about: string;
  dimension: string;
  condition: string;
  measure: string;
  value: number | null;
  low: number | null;
  high: number | null;
  units: number;
  dropped: number;
  raters: number;
  convention: string;
  reason: string;
  details: Readonly<Record<string, unknown>>;
  /** Of answers given after a proposal or others' answers were shown. */
  exposed: boolean;
}

const simple = (value: unknown) => ["string", "number", "boolean"].includes(typeof value);

function HowMade({ row }: { row: AgreementRow }) {
  const parameters = Object.entries(row.details).filter(([, value]) => simple(value));
  return (
    <>
      <span>{row.convention}</span>
      {row.value !== null && row.reason ? <span className="hint-line">{row.reason}</span> : null}
      {parameters.map(([name, value]) => (
        <span key={name} className="hint-line">
          {words(name)}: {String(value)}
        </span>
      ))}
    </>
  );
}

function columnsFor(rows: readonly AgreementRow[]): Column<AgreementRow>[] {
  const from = rows.some((row) => Math.min(row.value ?? 0, row.low ?? 0) < 0) ? -1 : 0;
  const conditions = rows.some((row) => row.condition !== "");
  const condition: Column<AgreementRow> = {
    label: "Condition",
    cell: (row) => row.condition || "all",
    csv: (row) => row.condition,
  };
  return [
    {
      label: "Question",
      cell: (row) => (
        <span>
          {words(row.about)}
          {row.dimension ? <span className="soft"> · {words(row.dimension)}</span> : null}
        </span>
      ),
      csv: (row) => (row.dimension ? `${row.about}.${row.dimension}` : row.about),
    },
    ...(conditions ? [condition] : []),
    {
      label: "Measure",
      cell: (row) => (
        <span className="nowrap">
          {measureName(row.measure)} {row.exposed ? <span className="soft">after exposure </span> : null}
          <Hint label={`How ${measureName(row.measure)} was made`} text={<HowMade row={row} />} />
        </span>
      ),
      csv: (row) => row.measure,
    },
    {
      label: "Value",
      figures: true,
      cell: (row) =>
        row.value === null ? (
          <span className="undefined">undefined: {row.reason}</span>
        ) : (
          <strong>{figure(row.value)}</strong>
        ),
      csv: (row) => row.value,
    },
    {
      label: "95 % interval",
      figures: true,
      cell: (row) => (row.low === null ? "–" : `${figure(row.low)} to ${figure(row.high)}`),
    },
    {
      label: `From ${figure(from, 0)} to 1`,
      cell: (row) => <IntervalBar value={row.value} low={row.low} high={row.high} from={from} />,
    },
    {
      label: "Units",
      figures: true,
      cell: (row) => (
        <span>
          {count(row.units)}
          {row.dropped > 0 ? <span className="soft"> (+{count(row.dropped)} not usable)</span> : null}
        </span>
      ),
      csv: (row) => row.units,
    },
    { label: "Raters", figures: true, cell: (row) => count(row.raters), csv: (row) => row.raters },
    { label: "Interval low", csv: (row) => row.low },
    { label: "Interval high", csv: (row) => row.high },
    { label: "Exposed", csv: (row) => String(row.exposed) },
    { label: "Convention", csv: (row) => row.convention },
    { label: "Reason", csv: (row) => row.reason },
  ];
}

export function AgreementTable({
  rows,
  caption,
  name,
}: {
  rows: readonly AgreementRow[];
  caption: string;
  name: string;
}) {
  return (
    <DataTable
      caption={caption}
      columns={columnsFor(rows)}
      rows={rows}
      rowKey={(row) => row.key}
      csvName={name}
    />
  );
}
