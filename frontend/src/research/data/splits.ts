const ROLES = ["train", "validation", "test"];

const rank = (role: string) => (ROLES.includes(role) ? ROLES.indexOf(role) : ROLES.length);

/** What is told by split, in the order in which people name the splits. */
export const inOrder = <T>(told: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(told).sort(([a], [b]) => rank(a) - rank(b));
