import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import * as ts from "typescript";
import { describe, expect, test } from "vitest";
import ar from "./ar.json";
import es from "./es.json";
import laterAr from "./later/ar.json";
import laterEs from "./later/es.json";
import laterZh from "./later/zh.json";
import makingAr from "./making/ar.json";
import makingEs from "./making/es.json";
import makingZh from "./making/zh.json";
import type { Catalogue } from "./words";
import zh from "./zh.json";

const CATALOGUES: Record<string, Catalogue> = { es, zh, ar };
/** What is said by parts that are loaded later. */
const LATER: Record<string, Catalogue> = { es: laterEs, zh: laterZh, ar: laterAr };
const MAKING: Record<string, Catalogue> = { es: makingEs, zh: makingZh, ar: makingAr };
const LOADED_MAKING = ["produce", "dialogue"].map((folder) => join(folder, sep));
const LOADED_LATER = [
  ["desk", "practice"],
  ["presenters", "eeg"],
  ["questions", "boxes"],
  ["rate", "playing"],
  ["rate", "reviewing"],
].map((path) => join(...path, sep));
const SOURCE = join(import.meta.dirname, "..");
const RATER_PAGES = ["rate", "questions", "presenters", "desk", "produce", "dialogue"];
const BELOW = ["trace", "api", "base"];
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

const isLater = (path: string): boolean => LOADED_LATER.some((folder) => path.startsWith(folder));
const isMaking = (path: string): boolean => LOADED_MAKING.some((folder) => path.startsWith(folder));
const pages = scan(RATER_PAGES);
const all = scan([...RATER_PAGES, ...BELOW]);
const first = scan([...RATER_PAGES, ...BELOW], (path) => !isLater(path) && !isMaking(path));
const late = scan(RATER_PAGES, isLater);
const making = scan(RATER_PAGES, isMaking);

test("every text of the rater's pages goes through the catalogue", () => {
  expect(pages.texts.size).toBeGreaterThan(100);
  expect(pages.bare).toEqual([]);
  expect(pages.unseen).toEqual([]);
});

describe.each(Object.entries(CATALOGUES))("%s", (language, early) => {
  const parts: Catalogue[] = [LATER[language] ?? {}, MAKING[language] ?? {}];
  const catalogue: Catalogue = Object.assign({}, early, ...parts);
  const lackingIn = (words: Catalogue, { texts, counted }: Found): string[] =>
    [...texts, ...counted].filter((text) => !Object.hasOwn(words, text));

  test("has every text", () => {
    expect(lackingIn(early, first)).toEqual([]);
    expect(lackingIn({ ...early, ...LATER[language] }, late)).toEqual([]);
    expect(lackingIn({ ...early, ...MAKING[language] }, making)).toEqual([]);
  });

  test("says everything in one place", () => {
    const later = parts.flatMap((part) => Object.keys(part));
    expect(later.filter((text) => Object.hasOwn(early, text))).toEqual([]);
    expect(new Set(later).size).toBe(later.length);
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
