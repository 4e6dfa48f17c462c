import type { Item } from "../../api/types";

export interface TimedPicture {
  begins_s: number;
  url: string | undefined;
}

/** The pictures of a sequence in their order; none of any other item. */
export const picturesOf = ({ kind, parts }: Pick<Item, "kind" | "parts">): TimedPicture[] =>
  kind === "sequence"
    ? parts
        .map(({ onset_s, item }) => ({ begins_s: onset_s ?? 0, url: item.media.proxy?.url }))
        .sort((a, b) => a.begins_s - b.begins_s)
    : [];

/** Where each picture of a sequence begins, or each frame of a film that come unevenly; undefined: the item is none. */
export function beginningsOf(item: Pick<Item, "kind" | "parts" | "frames_s">): number[] | undefined {
  if (item.frames_s.length > 0) return item.frames_s;
  const pictures = picturesOf(item);
  return pictures.length > 0 ? pictures.map(({ begins_s }) => begins_s) : undefined;
}
