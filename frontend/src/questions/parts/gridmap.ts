export interface Cell {
  column: number;
  row: number;
}

/** The cell that a key leads to, rows counted from the top; the same cell where there is none, null for other keys. */
export function gridStep({ column, row }: Cell, key: string, columns: number, rows: number): Cell | null {
  const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
  switch (key) {
    case "ArrowLeft":
      return { column: within(column - 1, columns), row };
    case "ArrowRight":
      return { column: within(column + 1, columns), row };
    case "ArrowUp":
      return { column, row: within(row - 1, rows) };
    case "ArrowDown":
      return { column, row: within(row + 1, rows) };
    case "Home":
      return { column: 0, row };
    case "End":
      return { column: columns - 1, row };
    case "PageUp":
      return { column, row: 0 };
    case "PageDown":
      return { column, row: rows - 1 };
    default:
      return null;
  }
}

/** Places around the rim of a square, 0 to 1 across and up, `n` on each side. */
export function rim(n: number): { across: number; up: number }[] {
  const at = Array.from({ length: n }, (_, index) => index / (n - 1));
  return at.flatMap((up) =>
    at.filter((across) => [0, 1].includes(across) || [0, 1].includes(up)).map((across) => ({ across, up })),
  );
}
