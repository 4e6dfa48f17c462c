import { shortName } from "./short";

/** What is said for one English text: one text, or one for each plural form that the language has. */
export type Said = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;

/** Short name of an English text -> the same in another language. */
export type Catalogue = Readonly<Record<string, Said>>;

type Values = Readonly<Record<string, string | number>>;

let catalogue: Catalogue = {};
let plurals = new Intl.PluralRules("en");

/** Every text shown from now on comes from this catalogue, where it has it. */
export function speak(words: Catalogue, language = "en"): void {
  catalogue = words;
  plurals = new Intl.PluralRules(language);
}

/** Further texts, beside those that are spoken already. */
export function learn(words: Catalogue): void {
  catalogue = { ...catalogue, ...words };
}

const filled = (text: string, values: Values): string =>
  text.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));

/** What the page says to a rater. The English text is the key; `{name}` in it is filled from `values`. */
export function t(text: string, values: Values = {}): string {
  const said = catalogue[shortName(text)];
  return filled(typeof said === "string" ? said : text, values);
}

/** The same of a number of things, `{n}` in the texts. The key is the English text for many. */
export function tn(n: number, one: string, many: string, values: Values = {}): string {
  const said = catalogue[shortName(many)];
  const english = n === 1 ? one : many;
  const form = typeof said === "object" ? (said[plurals.select(n)] ?? said.other) : said;
  return filled(form ?? english, { ...values, n });
}
