const MOST = 8;

/** A word for comparing: without case, outer blanks and marks on letters. */
export const plain = (word: string): string =>
  word.trim().normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** Suggestions that fit what was typed: first those that begin with it, then those that hold it. */
export function suggest(words: readonly string[], typed: string, taken: readonly string[]): string[] {
  const wanted = plain(typed);
  if (!wanted) return [];
  const used = new Set(taken.map(plain));
  const free = words.filter((word) => !used.has(plain(word)));
  const begins = free.filter((word) => plain(word).startsWith(wanted));
  const holds = free.filter((word) => !plain(word).startsWith(wanted) && plain(word).includes(wanted));
  return [...begins, ...holds].slice(0, MOST);
}

export type Added = { words: string[] } | { refused: "empty" | "twice" | "full" };

/** The words with one more, or why it cannot be one. */
export function addWord(words: readonly string[], typed: string, most: number): Added {
  const word = typed.trim().replace(/\s+/g, " ");
  if (!word) return { refused: "empty" };
  // The server compares like this; marks on letters make different words.
  const same = (one: string) => one.trim().toLowerCase() === word.toLowerCase();
  if (words.some(same)) return { refused: "twice" };
  return words.length < most ? { words: [...words, word] } : { refused: "full" };
}
