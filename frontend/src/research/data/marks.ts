import { figure, percent, plural } from "./format";
import { numberIn } from "./shapes";

/** What raters marked together in an item, as it is stored: the type of its question says what it has. */
export type GoldMark = Readonly<Record<string, unknown>>;

/** A rectangle in parts of the picture. */
export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

const isMark = (one: unknown): one is GoldMark => typeof one === "object" && one !== null;

/** The marks of a label's value; null where it is about something else than marks. */
export const marksOf = (value: Readonly<Record<string, unknown>> | null): GoldMark[] | null =>
  Array.isArray(value?.marks) ? value.marks.filter(isMark) : null;

export function placeOf(mark: GoldMark): Place | null {
  const [x, y, width, height] = ["x", "y", "width", "height"].map((side) => numberIn(mark, side));
  if (x == null || y == null || width == null || height == null) return null;
  return { x, y, width, height };
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** The key of its label or action unit; empty where raters agree on the place alone. */
export const keyOf = (mark: GoldMark): string => text(mark.label) || text(mark.unit);

/** Where a mark is: in the picture, in time or in the text, or whose it is; empty where it is all of the item's. */
export function whereIs(mark: GoldMark): string {
  const told = [text(mark.person)];
  const place = placeOf(mark);
  if (place) {
    const { x, y, width, height } = place;
    const [wide, high, left, top] = [width, height, x, y].map((part) => figure(part * 100, 0));
    told.push(`${wide} × ${high} % at ${left}, ${top} %`);
  }
  const [at_s, start_s, end_s] = ["at_s", "start_s", "end_s"].map((key) => numberIn(mark, key));
  if (at_s != null) told.push(`${figure(at_s)} s`);
  if (start_s != null) told.push(`${figure(start_s)}–${figure(end_s)} s`);
  const [start, end, part] = ["start", "end", "part"].map((key) => numberIn(mark, key));
  if (start != null && end != null)
    told.push(`${part ? `utterance ${part + 1}, ` : ""}characters ${start + 1}–${end}`);
  return told.filter(Boolean).join(", ");
}

/** How many marked it, how far what they drew spreads, and why it has no label. */
export function supportOf(mark: GoldMark, n_raters: number): string {
  const overlap = numberIn(mark, "mean_iou");
  const told = [
    `${percent(numberIn(mark, "share"))} of ${plural(n_raters, "rater")}`,
    overlap === null ? "" : `mean overlap ${figure(overlap)}`,
    text(mark.reason),
  ];
  return told.filter(Boolean).join(" · ");
}
