import { type Catalogue, learn, speak } from "./words";

type Catalogues = Readonly<Record<string, () => Promise<{ default: Catalogue }>>>;

/** One chunk per language, loaded when it is spoken. English is in the pages themselves. */
const CATALOGUES: Catalogues = {
  es: () => import("./es.json"),
  zh: () => import("./zh.json"),
  ar: () => import("./ar.json"),
};

/** The same for the parts of the pages that few need, which are loaded when they are shown: what they say. */
const PARTS = {
  /** Of those that fit nowhere below. */
  later: {
    es: () => import("./later/es.json"),
    zh: () => import("./later/zh.json"),
    ar: () => import("./later/ar.json"),
  },
  /** Of the questions whose answer is made: recording oneself, talking with somebody. */
  making: {
    es: () => import("./making/es.json"),
    zh: () => import("./making/zh.json"),
    ar: () => import("./making/ar.json"),
  },
  /** Of the questions whose answers are marks: stretches, boxes, words, action units. */
  marks: {
    es: () => import("./marks/es.json"),
    zh: () => import("./marks/zh.json"),
    ar: () => import("./marks/ar.json"),
  },
  /** What is said once the server has answered: refusals, scores, thanks. */
  after: {
    es: () => import("./after/es.json"),
    zh: () => import("./after/zh.json"),
    ar: () => import("./after/ar.json"),
  },
} satisfies Record<string, Catalogues>;

export type WordsOf = keyof typeof PARTS;

let spoken = "en";

const RIGHT_TO_LEFT = new Set(["ar", "dv", "fa", "he", "ps", "ur", "yi"]);
const KEPT = "affectory.language";

const base = (language: string): string => language.toLowerCase().split("-")[0] ?? language;

export const directionOf = (language: string): "ltr" | "rtl" =>
  RIGHT_TO_LEFT.has(base(language)) ? "rtl" : "ltr";

/** The page speaks this language from now on; English where there is no catalogue. A page that has begun is not told. */
export async function speakLanguage(language: string): Promise<void> {
  const load = CATALOGUES[base(language)];
  speak(load ? (await load()).default : {}, language);
  spoken = language;
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
}

/** Loads a part of the pages together with what it says in the language that is spoken. */
export async function withWords<T>(load: () => Promise<T>, of: WordsOf): Promise<T> {
  const catalogues: Catalogues = PARTS[of];
  const words = catalogues[base(spoken)]?.();
  const [part] = await Promise.all([load(), words?.then((found) => learn(found.default))]);
  return part;
}

/** For words inside what never mirrors. */
export const pageDirection = (): string => document.documentElement.dir || "ltr";

/** What the rater chose on this device, or null. */
export const chosenLanguage = (storage: Storage): string | null => storage.getItem(KEPT);

export const keepLanguage = (storage: Storage, language: string): void => storage.setItem(KEPT, language);

/** The first language that the browser prefers, of those that the pages speak. */
export const preferredLanguage = (preferred: readonly string[]): string =>
  preferred.map(base).find((language) => language === "en" || language in CATALOGUES) ?? "en";

/** A language by its own name. */
export function nameOf(language: string): string {
  try {
    return new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
  } catch {
    return language;
  }
}
