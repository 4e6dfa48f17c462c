import type { Person } from "../api/types";

/** Parts of the picture, 0..1. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const NUMBERS = 5;

/** Where somebody is at a time, on a straight line between two boxes; null before the first and after the last. */
export function boxAt(boxes: Person["boxes"], time_s: number): Box | null {
  const after = boxes.findIndex(([at]) => (at as number) >= time_s);
  const [before, next] = [boxes[Math.max(0, after - 1)], boxes[after]];
  if (!before || !next || time_s < (before[0] as number)) return null;
  const [from, until] = [before[0] as number, next[0] as number];
  const part = until > from ? (time_s - from) / (until - from) : 0;
  const [, left = 0, top = 0, width = 0, height = 0] = Array.from({ length: NUMBERS }, (_, i) => {
    const [a, b] = [before[i] as number, next[i] as number];
    return a + (b - a) * part;
  });
  return { left, top, width, height };
}

/** Where a picture lies in an element that shows it whole, with bars beside or above it; in the element's pixels. */
export function pictureIn(
  element: { width: number; height: number },
  picture: { width: number; height: number },
): Box {
  const scale = Math.min(element.width / picture.width, element.height / picture.height) || 0;
  const [width, height] = [picture.width * scale, picture.height * scale];
  return { left: (element.width - width) / 2, top: (element.height - height) / 2, width, height };
}
