import type { ReactNode } from "react";
import { t } from "../../words/words";
import "./marks.css";

interface MarkListProps {
  /** `removing` says which one the button takes away, for screen readers. */
  marks: readonly { told: ReactNode; removing: string }[];
  onRemove(index: number): void;
}

/** All that is marked, each with a button that takes it away; empty: nothing. */
export function MarkList({ marks, onRemove }: MarkListProps) {
  if (marks.length === 0) return null;
  return (
    <ol className="mark-list" aria-label={t("What you have marked")}>
      {marks.map(({ told, removing }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a mark has no name but its place in the list.
        <li key={index}>
          {told}
          <button type="button" className="quiet" aria-label={removing} onClick={() => onRemove(index)}>
            {t("Remove")}
          </button>
        </li>
      ))}
    </ol>
  );
}
