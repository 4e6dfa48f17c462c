import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

/**
 * A view that is loaded when it is first shown brings its styles along: else it stands there unstyled until something
 * else happens to load them.
 */

const SRC = import.meta.dirname;
const ENDINGS = ["", ".ts", ".tsx"];
const FILES = readdirSync(SRC, { recursive: true, encoding: "utf8" }).map((name) => resolve(SRC, name));

const fileAt = (path: string): string | null =>
  ENDINGS.map((ending) => path + ending).find((name) =>
    statSync(name, { throwIfNoEntry: false })?.isFile(),
  ) ?? null;

interface Module {
  /** Files that are loaded with it. */
  imports: string[];
  /** Files that it loads when they are needed. */
  later: string[];
  /** Class names that it writes out. */
  classes: string[];
}

/** Whole class names in the value of a `className`; what is only compared, or put together, is none. */
function classesIn(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node)) return node.text.split(/\s+/).filter(Boolean);
  if (ts.isTemplateExpression(node)) {
    const text = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("\0");
    const whole = text.split(/\s+/).filter((name) => name && !name.includes("\0"));
    return [...whole, ...node.templateSpans.flatMap(({ expression }) => classesIn(expression))];
  }
  if (ts.isBinaryExpression(node) && /^[!=]==$/.test(node.operatorToken.getText())) return [];
  const found: string[] = [];
  ts.forEachChild(node, (child) => void found.push(...classesIn(child)));
  return found;
}

function read(file: string): Module {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const made: Module = { imports: [], later: [], classes: [] };
  const resolved = (specifier: ts.Node): string[] => {
    const name = ts.isStringLiteral(specifier) ? specifier.text : "";
    const found = name.startsWith(".") ? fileAt(resolve(dirname(file), name)) : null;
    return found ? [found] : [];
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && !node.importClause?.isTypeOnly)
      made.imports.push(...resolved(node.moduleSpecifier));
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      made.later.push(...node.arguments.flatMap(resolved));
    if (ts.isJsxAttribute(node) && node.name.getText() === "className" && node.initializer)
      made.classes.push(...classesIn(node.initializer));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return made;
}

const modules = new Map(
  FILES.filter((file) => /(?<!\.d|\.test)\.tsx?$/.test(file)).map((file) => [file, read(file)]),
);
const inFolder = (folder: string): string[] =>
  FILES.filter((file) => dirname(file) === resolve(SRC, folder) && file.endsWith(".tsx"));
const defined = (sheet: string): string[] =>
  [...readFileSync(sheet, "utf8").matchAll(/\.([a-z][\w-]*)/gi)].map(([, name]) => name as string);
const STYLED = new Set(FILES.filter((file) => file.endsWith(".css")).flatMap(defined));

/** All files that are loaded together with one. */
function closureOf(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const other of modules.get(file)?.imports ?? []) closureOf(other, found);
  return found;
}

// Presenters are in the page from the beginning; types of questions are fetched by `import.meta.glob`.
const PAGE = [`${SRC}/rate/main.tsx`, ...inFolder("presenters")].flatMap((file) => [...closureOf(file)]);
const LATER = new Set([...inFolder("questions"), ...[...modules.values()].flatMap(({ later }) => later)]);

test.each([...LATER].map((file) => relative(SRC, file)).sort())("%s brings its styles along", (name) => {
  const own = [...closureOf(`${SRC}/${name}`)];
  const styles = new Set([...PAGE, ...own].filter((file) => file.endsWith(".css")).flatMap(defined));
  const unstyled = own.flatMap((file) =>
    (modules.get(file)?.classes ?? [])
      .filter((one) => STYLED.has(one) && !styles.has(one))
      .map((one) => `${relative(SRC, file)}: ${one}`),
  );
  expect(unstyled).toEqual([]);
});
