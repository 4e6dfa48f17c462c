import type { ReactNode } from "react";
import { type CsvValue, download, toCsv } from "../data/csv";

export interface Column<T> {
  label: string;
  /** Figures stand at the right, in columns of equal width. */
  figures?: boolean;
  /** Left out: the column is in the CSV file only. */
  cell?: (row: T) => ReactNode;
  /** What the CSV file has in this column; left out: the column is not in the file. */
  csv?: (row: T) => CsvValue;
}

interface DataTableProps<T> {
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string | number;
  /** Name of the CSV file; left out: there is no such file. */
  csvName?: string;
}

export function CsvButton<T>({
  name,
  columns,
  rows,
}: {
  name: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
}) {
  const save = () => {
    const written = columns.filter((column) => column.csv);
    const header = written.map(({ label }) => label);
    download(
      `${name}.csv`,
      toCsv(
        header,
        rows.map((row) => written.map(({ csv }) => csv?.(row))),
      ),
    );
  };
  return (
    <button type="button" className="small quiet" aria-label={`CSV of ${name}`} onClick={save}>
      CSV
    </button>
  );
}

/** A table that becomes a list of small cards where it is narrow. */
export function DataTable<T>({ caption, columns, rows, rowKey, csvName }: DataTableProps<T>) {
  const visible = columns.filter((column) => column.cell);
  return (
    <div className="table-frame">
      <table className={visible.length > 2 ? "data stacks" : "data"}>
        <caption>
          <span>{caption}</span>
          {csvName ? <CsvButton name={csvName} columns={columns} rows={rows} /> : null}
        </caption>
        <thead>
          <tr>
            {visible.map(({ label, figures }) => (
              <th key={label} scope="col" className={figures ? "figures" : undefined}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {visible.map(({ label, figures, cell }) => (
                <td key={label} data-label={label} className={figures ? "figures" : undefined}>
                  {cell?.(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
