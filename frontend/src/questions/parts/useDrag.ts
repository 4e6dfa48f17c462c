import { useRef, useState } from "react";

/** What is dragged at present: `drag` to draw it, `now` for handlers, as a pointer may move twice between two drawings. */
export function useDrag<D>() {
  const [drag, draw] = useState<D | null>(null);
  const now = useRef<D | null>(null);
  const setDrag = (next: D | null) => {
    now.current = next;
    draw(next);
  };
  return { drag, now, setDrag };
}
