/** A ranking as levels, the first one first; names on one level are tied. */
export type Levels = readonly (readonly string[])[];

/** Ranks 1, 2, ... without a gap, as answers hold them. */
export function ranksOf(levels: Levels): { [name: string]: number } {
  return Object.fromEntries(levels.flatMap((level, index) => level.map((name) => [name, index + 1])));
}

/** The levels behind ranks; tied names in the order of `order`. */
export function levelsOf(ranks: { readonly [name: string]: number }, order: readonly string[]): Levels {
  const named = order.filter((name) => name in ranks);
  const used = [...new Set(named.map((name) => ranks[name] ?? 0))].sort((a, b) => a - b);
  return used.map((rank) => named.filter((name) => ranks[name] === rank));
}

const placeOf = (levels: Levels, name: string): number => levels.findIndex((level) => level.includes(name));

export function remove(levels: Levels, name: string): Levels {
  return levels.map((level) => level.filter((other) => other !== name)).filter((level) => level.length > 0);
}

export const append = (levels: Levels, name: string): Levels => [...remove(levels, name), [name]];

function insert(levels: Levels, name: string, place: number): Levels {
  return [...levels.slice(0, place), [name], ...levels.slice(place)];
}

/** One level up; a tied name first leaves its tie. */
export function up(levels: Levels, name: string): Levels {
  const place = placeOf(levels, name);
  const tied = (levels[place]?.length ?? 0) > 1;
  return insert(remove(levels, name), name, tied ? place : Math.max(0, place - 1));
}

export function down(levels: Levels, name: string): Levels {
  const place = placeOf(levels, name);
  const rest = remove(levels, name);
  return insert(rest, name, Math.min(rest.length, place + 1));
}

/** Whether a name shares the place of the one before it. */
export const isJoined = (levels: Levels, name: string): boolean =>
  (levels[placeOf(levels, name)]?.indexOf(name) ?? 0) > 0;

/** Joins the level above, or leaves the one that it has joined. */
export function toggleTie(levels: Levels, name: string): Levels {
  const place = placeOf(levels, name);
  if (isJoined(levels, name)) return insert(remove(levels, name), name, place + 1);
  if (place <= 0) return levels;
  const above = levels.map((level) => level.filter((other) => other !== name));
  return above
    .map((level, index) => (index === place - 1 ? [...level, name] : level))
    .filter((level) => level.length > 0);
}

/** Onto the place of another one, which makes room towards where this one came from. */
export function dropOn(levels: Levels, name: string, target: string): Levels {
  if (name === target) return levels;
  const below = placeOf(levels, target) > placeOf(levels, name);
  const rest = remove(levels, name);
  return insert(rest, name, placeOf(rest, target) + (below ? 1 : 0));
}
