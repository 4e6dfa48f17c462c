import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import * as ts from "typescript";
import { describe, expect, test } from "vitest";
import type { WordsOf } from "./languages";
import { shortName, type Written } from "./short";

const LANGUAGES = ["es", "zh", "ar"];
/** What is loaded later, with the words that nobody else says: how the paths of its files begin. */
const PARTS: Readonly<Record<WordsOf, readonly string[]>> = {
  later: ["desk/practice/", "presenters/eeg/", "rate/playing/", "rate/reviewing/", "rate/pages/AboutYou"],
  making: ["produce/", "dialogue/"],
  marks: ["boxes", "facs", "segments", "spans"].map((type) => `questions/${type}`),
  after: ["api/refusals", "rate/pages/Completed", "rate/pages/Score"],
};
const SOURCE = join(import.meta.dirname, "..");
const RATER_PAGES = ["rate", "questions", "presenters", "desk", "produce", "dialogue"];
const BELOW = ["trace", "api", "base", "words"];
const SAID_ATTRIBUTES = new Set(["aria-label", "title", "placeholder", "alt", "what", "label"]);
/** Shown as it is: the name of the program. */
const UNTRANSLATED = new Set(["Affectory"]);
/** Names of keys and what they do, which are found where they are written. */
const SAID_ELSEWHERE = new Set(["help.keys", "help.does"]);

interface Found {
  /** What is passed to `t`, and names of keys, which are passed to it where they are shown. */
  texts: Set<string>;
  /** What is passed to `tn`, by its form for many. */
  counted: Set<string>;
  bare: string[];
  /** What is passed to `t` by a name, so that nobody sees which text it is. */
  unseen: string[];
}

const isWords = (text: string): boolean => /\p{L}{2}/u.test(text) && !UNTRANSLATED.has(text.trim());

function look(node: ts.Node, found: Found, where: (node: ts.Node) => string): void {
  if (ts.isCallExpression(node) && ["t", "tn"].includes(node.expression.getText())) {
    const many = node.expression.getText() === "tn";
    const text = node.arguments[many ? 2 : 0];
    if (text && ts.isStringLiteralLike(text)) (many ? found.counted : found.texts).add(text.text);
    else if (text && !SAID_ELSEWHERE.has(text.getText()))
      found.unseen.push(`${where(node)} ${text.getText()}`);
  }
  if (ts.isPropertyAssignment(node) && node.name.getText() === "does") {
    if (ts.isStringLiteral(node.initializer)) found.texts.add(node.initializer.text);
  }
  if (ts.isPropertyAssignment(node) && node.name.getText() === "keys") {
    const keys = node.initializer;
    if (ts.isStringLiteral(keys) && / or |,.*\p{L}{2}|^Space$/u.test(keys.text)) found.texts.add(keys.text);
  }
  if (ts.isJsxText(node) && isWords(node.text)) found.bare.push(`${where(node)} ${node.text.trim()}`);
  if (ts.isJsxAttribute(node) && SAID_ATTRIBUTES.has(node.name.getText())) {
    const value = node.initializer;
    if (value && ts.isStringLiteral(value) && isWords(value.text))
      found.bare.push(`${where(node)} ${value.text}`);
  }
  node.forEachChild((child) => look(child, found, where));
}

function scan(folders: readonly string[], wanted = (_path: string) => true): Found {
  const found: Found = { texts: new Set(), counted: new Set(), bare: [], unseen: [] };
  for (const folder of folders) {
    for (const name of readdirSync(join(SOURCE, folder), { recursive: true, encoding: "utf8" })) {
      if (!/\.tsx?$/.test(name) || /\.test\.ts|\.d\.ts/.test(name)) continue;
      const path = join(folder, name);
      if (!wanted(path)) continue;
      const file = ts.createSourceFile(
        name,
        readFileSync(join(SOURCE, path), "utf8"),
        ts.ScriptTarget.Latest,
        true,
        name.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
      );
      const where = (node: ts.Node) =>
        `${path}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
      look(file, found, where);
    }
  }
  return found;
}

const holes = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([hole]) => hole))].sort();

const saidBy = (starts: readonly string[]) => (path: string) =>
  starts.some((start) => path.startsWith(start.replaceAll("/", sep)));
const FOLDERS = [...RATER_PAGES, ...BELOW];
const pages = scan(RATER_PAGES);
const all = scan(FOLDERS);
const first = scan(FOLDERS, (path) => !saidBy(Object.values(PARTS).flat())(path));
const parts = Object.entries(PARTS).map(
  ([name, starts]) => [name as WordsOf, scan(FOLDERS, saidBy(starts))] as const,
);

const written = (language: string, part = ""): Written =>
  JSON.parse(readFileSync(join(import.meta.dirname, part, `${language}.json`), "utf8"));

test("every text of the rater's pages goes through the catalogue", () => {
  expect(pages.texts.size).toBeGreaterThan(100);
  expect(pages.bare).toEqual([]);
  expect(pages.unseen).toEqual([]);
});

test("no two texts have the same short name", () => {
  const texts = [...all.texts, ...all.counted];
  expect(new Set(texts.map(shortName)).size).toBe(texts.length);
});

describe.each(LANGUAGES)("%s", (language) => {
  const early = written(language);
  const later = parts.map(([part]) => written(language, part));
  const catalogue: Written = Object.assign({}, early, ...later);
  const lackingIn = (words: Written, { texts, counted }: Found): string[] =>
    [...texts, ...counted].filter((text) => !Object.hasOwn(words, text));

  test("has every text", () => {
    expect(lackingIn(early, first)).toEqual([]);
    for (const [part, found] of parts)
      expect(lackingIn({ ...early, ...written(language, part) }, found)).toEqual([]);
  });

  test("says everything in one place, and nothing that no page says", () => {
    const texts = [early, ...later].flatMap((words) => Object.keys(words));
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.filter((text) => !all.texts.has(text) && !all.counted.has(text))).toEqual([]);
  });

  test("has the holes of the English texts", () => {
    const wrong = Object.entries(catalogue).filter(
      ([english, said]) => typeof said === "string" && String(holes(said)) !== String(holes(english)),
    );
    expect(wrong).toEqual([]);
  });

  test("has every plural form of what is counted, and none elsewhere", () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const text of all.counted)
      expect(Object.keys(catalogue[text] ?? {}).sort()).toEqual([...forms].sort());
    for (const text of all.texts) expect(typeof catalogue[text]).toBe("string");
  });
});
