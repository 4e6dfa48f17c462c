/** The marks of a change question: each steps by -1, 0 or 1 along its one or two directions. */
export interface Mark {
  x: number;
  y: number;
}

/** Marks as they lie on the page, row by row from the top; one dimension is a column, two are a square. */
export function marksOf(dimensions: 1 | 2): Mark[] {
  const columns = dimensions === 1 ? [0] : [-1, 0, 1];
  return [1, 0, -1].flatMap((y) => columns.map((x) => ({ x, y })));
}

const ARROWS: Record<string, Mark> = {
  ArrowUp: { x: 0, y: 1 },
  ArrowDown: { x: 0, y: -1 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  Digit0: { x: 0, y: 0 },
};

/** Arrow keys, 0 for no change, and the number block as it lies (8 up, 5 no change, 9 up and to the right). */
export function markOf(code: string): Mark | null {
  const pad = /^Numpad([1-9])$/.exec(code)?.[1];
  if (pad === undefined) return ARROWS[code] ?? null;
  const place = Number(pad) - 1;
  return { x: (place % 3) - 1, y: Math.floor(place / 3) - 1 };
}
