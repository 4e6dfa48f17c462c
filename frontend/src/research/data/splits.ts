const ROLES = ["train", "validation", "test"];

/** Numbers by split in the order in which people name the splits. */
export const inOrder = (sizes: Readonly<Record<string, number>>): [string, number][] =>
  Object.entries(sizes).sort(([a], [b]) => ROLES.indexOf(a) - ROLES.indexOf(b));
