import { t } from "../../words/words";
import type { Segment } from "../parts/timeline";
import { EDGES, type Edge, timeOf } from "./told";

interface TableProps {
  segments: readonly Segment[];
  edges: readonly Edge[];
  chosen: number | null;
  nameOf(key: string): string;
  lack(segment: Segment): string | null;
  choose(index: number): void;
}

export function SegmentTable({ segments, edges, chosen, nameOf, lack, choose }: TableProps) {
  return (
    <table className="segment-table">
      <caption>{t("What you have marked")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("What")}</th>
          {edges.map((edge) => (
            <th key={edge} scope="col">
              {EDGES[edge]()}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {segments.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a mark has no name but its place in the list.
          <tr key={index} className={index === chosen ? "chosen" : undefined}>
            <th scope="row">
              <button type="button" aria-pressed={index === chosen} onClick={() => choose(index)}>
                {index + 1}. {nameOf(one.label)}
                {lack(one) ? (
                  <span className="lacks"> {t("lacks {what}", { what: lack(one) ?? "" })}</span>
                ) : null}
              </button>
            </th>
            {edges.map((edge) => (
              <td key={edge}>{timeOf(one, edge)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
