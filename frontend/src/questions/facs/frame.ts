import type { Item } from "../../api/types";
import { picturesOf } from "../parts/pictures";

/** The face at rest: a picture, or a second of a film's file. */
export type NeutralFrame = { picture: string } | { film: string; at_s: number };

/** What an item shows at a second of it; null: nothing that can stand beside it. */
export function frameAt(item: Item, at_s: number): NeutralFrame | null {
  if (item.kind === "sequence") {
    const url = picturesOf(item).findLast(({ begins_s }) => begins_s <= at_s)?.url;
    return url ? { picture: url } : null;
  }
  const film = [item, ...item.parts.map((part) => part.item)].find(({ media }) => media.proxy);
  return film?.media.proxy ? { film: film.media.proxy.url, at_s: (film.onset_s ?? 0) + at_s } : null;
}
