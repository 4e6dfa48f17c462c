import { count } from "../data/format";
import type { Check } from "../data/shapes";
import { methodName } from "../plot/gold";
import { Badge } from "./Badge";
import { type Column, DataTable } from "./DataTable";

type Made = NonNullable<Check["gold_made"]>[number];

export const GOLD_MADE = "How the gold is made";
export const GOLD_MADE_NOTE =
  "Which raters made the gold of an item is in the tables: gold_raters for traces, annotations for other questions.";

/** “min raters 2 · lag from none”. */
const parametersOf = ({ parameters }: Made): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`)
    .join(" · ");

const COLUMNS: Column<Made>[] = [
  {
    label: "Question",
    cell: ({ question }) => <span className="path">{question}</span>,
    csv: ({ question }) => question,
  },
  {
    label: "Method",
    cell: ({ method, gold }) => (
      <span>
        {methodName(method)} {gold ? null : <Badge>not the gold</Badge>}
      </span>
    ),
    csv: ({ method }) => method,
  },
  { label: "Is the gold", csv: ({ gold }) => String(gold) },
  {
    label: "Rule",
    cell: (made) => (
      <span>
        {made.rule}
        <br />
        <span className="soft small-text">{parametersOf(made)}</span>
      </span>
    ),
    csv: (made) => `${made.rule}; ${parametersOf(made)}`,
  },
  { label: "Items", figures: true, cell: ({ items }) => count(items), csv: ({ items }) => items },
  { label: "Without", figures: true, cell: ({ without }) => count(without), csv: ({ without }) => without },
];

/** The rule of each question's gold, its parameters, and how many items have it. */
export function GoldMade({ of, name }: { of: readonly Made[]; name: string }) {
  return (
    <DataTable
      caption="Rule of each question; without: items that were rated and have no gold by it"
      columns={COLUMNS}
      rows={of}
      rowKey={({ question, method }) => `${question} ${method}`}
      csvName={name}
    />
  );
}
