import type { JsonObject } from "../../api/types";
import { type Extent, inSight, type Look, withStretch } from "./look";

type Stretch = [from_s: number, until_s: number];

interface Way {
  chosen: JsonObject;
  seen_s: Stretch[];
}

/** In which ways a recording was looked at, and which seconds of it in each: a mark is judged by how its place was seen. */
export class SeenWays {
  private readonly ways = new Map<string, Way>();

  see(look: Look, extent: Extent): void {
    const chosen = { montage: look.montage, gain: look.gain, ...look.filters };
    const key = JSON.stringify(chosen);
    const known = this.ways.get(key)?.seen_s ?? [];
    this.ways.set(key, { chosen, seen_s: withStretch(known, inSight(look, extent)) });
  }

  /** In the order in which they were first chosen. */
  get told(): JsonObject[] {
    return [...this.ways.values()].map(({ chosen, seen_s }) => ({ ...chosen, seen_s }));
  }

  /** All that was seen, in whatever way. */
  get seen_s(): Stretch[] {
    return [...this.ways.values()].flatMap(({ seen_s }) => seen_s).reduce<Stretch[]>(withStretch, []);
  }
}
