import { clamp } from "../../trace/padmap";

/** How a picture stands in its box: `scale` 1 is whole; x and y (0..1) say which point of it is in the middle. */
export interface Zoomed {
  scale: number;
  x: number;
  y: number;
}

export const WHOLE: Zoomed = { scale: 1, x: 0.5, y: 0.5 };
const LARGEST = 8;

/** Nothing beyond the picture's edges comes into sight. */
function inside({ scale, x, y }: Zoomed): Zoomed {
  const half = 0.5 / scale;
  return { scale, x: clamp(x, half, 1 - half), y: clamp(y, half, 1 - half) };
}

/** Moves by parts of what is in sight; positive: to the right and down in the picture. */
export const shifted = (now: Zoomed, right: number, down: number): Zoomed =>
  inside({ ...now, x: now.x + right / now.scale, y: now.y + down / now.scale });

/** Enlarges about a place of the box (0..1, from its top left), which keeps showing the same point. */
export function enlarged(now: Zoomed, factor: number, right = 0.5, down = 0.5): Zoomed {
  const scale = clamp(now.scale * factor, 1, LARGEST);
  const change = 1 / now.scale - 1 / scale;
  return inside({ scale, x: now.x + (right - 0.5) * change, y: now.y + (down - 0.5) * change });
}
