/** Times come rounded to microseconds. */
const CLOSE_S = 2e-6;

/** Place of the picture that is due at a media time: the last one that has begun. */
export function dueAt(onsetsS: readonly number[], atS: number): number {
  let low = 0;
  let high = onsetsS.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((onsetsS[middle] as number) <= atS + CLOSE_S) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where a picture lies whole and as large as possible in a frame. */
export function placeIn(
  frame: { width: number; height: number },
  picture: { width: number; height: number },
): [left: number, top: number, width: number, height: number] {
  const scale = Math.min(frame.width / picture.width, frame.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  return [(frame.width - width) / 2, (frame.height - height) / 2, width, height];
}
