import type { Label } from "./labels";

/** One line of a tree as it is shown. */
export interface TreeRow {
  label: Label;
  /** 1 for labels without a parent. */
  level: number;
  parent: string | null;
  children: number;
  /** Place among its sisters, from 1, and how many they are. */
  place: number;
  sisters: number;
}

/** The lines that can be seen, from the top, with those below closed labels left out. */
export function visibleRows(labels: readonly Label[], open: ReadonlySet<string>): TreeRow[] {
  const below = (parent: string | null) => labels.filter((label) => label.parent === parent);
  const rows = (parent: string | null, level: number): TreeRow[] => {
    const sisters = below(parent);
    return sisters.flatMap((label, index) => [
      { label, level, parent, children: below(label.key).length, place: index + 1, sisters: sisters.length },
      ...(open.has(label.key) ? rows(label.key, level + 1) : []),
    ]);
  };
  return rows(null, 1);
}

/** All labels above one, so that it can be shown. */
export function ancestors(labels: readonly Label[], key: string): string[] {
  const parent = labels.find((label) => label.key === key)?.parent;
  return parent ? [...ancestors(labels, parent), parent] : [];
}

export type TreeStep = { focus: string } | { open: string } | { close: string } | null;

/** What a key does in a tree whose row `at` has the focus. */
export function treeStep(
  rows: readonly TreeRow[],
  at: number,
  key: string,
  open: ReadonlySet<string>,
): TreeStep {
  const row = rows[at];
  if (!row) return null;
  const go = (index: number): TreeStep => {
    const to = rows[index];
    return to ? { focus: to.label.key } : null;
  };
  const isOpen = row.children > 0 && open.has(row.label.key);
  switch (key) {
    case "ArrowDown":
      return go(at + 1);
    case "ArrowUp":
      return go(at - 1);
    case "Home":
      return go(0);
    case "End":
      return go(rows.length - 1);
    case "ArrowRight":
      if (row.children === 0) return null;
      return isOpen ? go(at + 1) : { open: row.label.key };
    case "ArrowLeft":
      if (isOpen) return { close: row.label.key };
      return row.parent ? { focus: row.parent } : null;
    default:
      return letterStep(rows, at, key);
  }
}

/** A letter goes to the next label that begins with it. */
function letterStep(rows: readonly TreeRow[], at: number, key: string): TreeStep {
  if (key.length !== 1 || key === " ") return null;
  const order = [...rows.slice(at + 1), ...rows.slice(0, at + 1)];
  const found = order.find(({ label }) => label.name.toLocaleLowerCase().startsWith(key.toLocaleLowerCase()));
  return found ? { focus: found.label.key } : null;
}
