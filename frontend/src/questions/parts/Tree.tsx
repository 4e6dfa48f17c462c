import { type KeyboardEvent, useRef, useState } from "react";
import { t } from "../../words/words";
import type { Label } from "./labels";
import { ancestors, type TreeRow, treeStep, visibleRows } from "./treemap";
import "./tree.css";

interface TreeProps {
  labels: readonly Label[];
  labelledBy: string;
  multiple: boolean;
  /** Labels with others below them are headings, no answers. */
  leavesOnly: boolean;
  chosen: readonly string[];
  onTake(key: string): void;
}

/** Labels below labels, as the ARIA tree: arrows go and open, Space or Enter chooses. */
export function Tree({ labels, labelledBy, multiple, leavesOnly, chosen, onTake }: TreeProps) {
  const tree = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(
    () => new Set(chosen.flatMap((key) => ancestors(labels, key))),
  );
  const rows = visibleRows(labels, open);
  const [current, setCurrent] = useState(() => chosen.find((key) => labels.some((one) => one.key === key)));
  const stop = rows.some(({ label }) => label.key === current) ? current : rows[0]?.label.key;

  const toggle = (key: string) =>
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  const focus = (key: string) => {
    setCurrent(key);
    tree.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
  };
  const heading = (row: TreeRow) => leavesOnly && row.children > 0;
  const act = (row: TreeRow) => (heading(row) ? toggle(row.label.key) : onTake(row.label.key));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = rows.findIndex(({ label }) => label.key === stop);
    const row = rows[at];
    if (!row) return;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      act(row);
      return;
    }
    const step = treeStep(rows, at, towardReading(event.key, event.currentTarget), open);
    if (!step && !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    if (step && "focus" in step) focus(step.focus);
    else if (step) toggle("open" in step ? step.open : step.close);
  };

  return (
    <div className="tree" role="tree" aria-labelledby={labelledBy} aria-multiselectable={multiple} ref={tree}>
      {rows.map((row) => {
        const { key, name, definition } = row.label;
        const taken = chosen.includes(key);
        const inside = open.has(key) ? 0 : takenBelow(labels, chosen, key);
        return (
          <div
            key={key}
            role="treeitem"
            className="tree-row"
            data-key={key}
            data-level={row.level}
            tabIndex={key === stop ? 0 : -1}
            aria-level={row.level}
            aria-posinset={row.place}
            aria-setsize={row.sisters}
            aria-expanded={row.children > 0 ? open.has(key) : undefined}
            aria-selected={heading(row) ? undefined : taken}
            onFocus={() => setCurrent(key)}
            onKeyDown={onKeyDown}
            onClick={() => act(row)}
          >
            {row.children > 0 ? (
              // The keyboard opens with the arrows; this is for pointers.
              <span
                className="tree-twig"
                aria-hidden="true"
                data-open={open.has(key)}
                onClick={(event) => {
                  event.stopPropagation();
                  toggle(key);
                }}
              />
            ) : (
              <span className="tree-twig none" aria-hidden="true" />
            )}
            {heading(row) ? null : (
              <span className={multiple ? "tree-mark box" : "tree-mark"} aria-hidden="true" />
            )}
            <span className="tree-name" dir="auto">
              {name}
              {definition ? <span className="tile-definition"> {definition}</span> : null}
            </span>
            {inside > 0 ? <span className="tree-inside">{t("{n} chosen inside", { n: inside })}</span> : null}
          </div>
        );
      })}
    </div>
  );
}

const MIRRORED: Readonly<Record<string, string>> = { ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" };

/** A tree grows in the direction of reading, so where that is from the right, its arrows do too. */
const towardReading = (key: string, where: Element): string =>
  getComputedStyle(where).direction === "rtl" ? (MIRRORED[key] ?? key) : key;

const takenBelow = (labels: readonly Label[], chosen: readonly string[], key: string): number =>
  chosen.filter((one) => ancestors(labels, one).includes(key)).length;
