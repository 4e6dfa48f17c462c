import type { CsvValue } from "../data/csv";
import type { Overlay } from "../data/shapes";

/** All series of an item as one table: time, then a column for each gold and each rater by dimension. */
export function seriesTable(data: Overlay): { header: string[]; rows: CsvValue[][] } {
  const columns = data.dimensions.flatMap(({ key }, i) => [
    ...data.gold.flatMap(({ method, values, sd }) => [
      { name: `${key}_${method}`, values: values[i] ?? [] },
      { name: `${key}_${method}_sd`, values: sd[i] ?? [] },
    ]),
    ...data.raters.map(({ rater, values }) => ({ name: `${key}_${rater}`, values: values[i] ?? [] })),
  ]);
  const length = Math.max(0, ...columns.map(({ values }) => values.length));
  const decimals = 4;
  const rows = Array.from({ length }, (_, index) => [
    Number((data.t0_s + index / data.rate_hz).toFixed(decimals)),
    ...columns.map(({ values }) => values[index]),
  ]);
  return { header: ["t_s", ...columns.map(({ name }) => name)], rows };
}
