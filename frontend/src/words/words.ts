/** English text -> the same in another language. */
export type Catalogue = Readonly<Record<string, string>>;

let catalogue: Catalogue = {};

/** Every text shown from now on comes from this catalogue, where it has it. */
export function speak(words: Catalogue): void {
  catalogue = words;
}

/** What the page says to a rater. The English text is the key; `{name}` in it is filled from `values`. */
export function t(text: string, values: Readonly<Record<string, string | number>> = {}): string {
  const said = catalogue[text] ?? text;
  return said.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}
