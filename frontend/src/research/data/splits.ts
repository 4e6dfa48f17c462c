const ROLES = ["train", "validation", "test"];

const rank = (role: string) => (ROLES.includes(role) ? ROLES.indexOf(role) : ROLES.length);

/** Numbers by split in the order in which people name the splits. */
export const inOrder = (sizes: Readonly<Record<string, number>>): [string, number][] =>
  Object.entries(sizes).sort(([a], [b]) => rank(a) - rank(b));
