/** A recipe as a form shows it: every field a text, and back. What is wrong in it, the server says. */

import { ApiError } from "../../api/http";
import type { Dataset, Scheme } from "./shapes";
import { inOrder } from "./splits";

export type Kind = Scheme["kind"];
type Form = "text" | "number" | "words" | "shares" | "stretches" | "cuts" | "roles";

export interface FieldSpec {
  key: string;
  label: string;
  form: Form;
  hint?: string;
  initial: string;
  required?: boolean;
}

const KEYS: FieldSpec = {
  key: "keys",
  label: "Group keys that no two parts share",
  form: "words",
  hint: "for example: subject, film",
  initial: "",
};
const SHARES: FieldSpec = {
  key: "ratios",
  label: "Shares",
  form: "shares",
  initial: "train 0.7, validation 0.15, test 0.15",
  required: true,
};
const SEED: FieldSpec = { key: "seed", label: "Seed", form: "number", initial: "0", required: true };
const STRATIFIED: FieldSpec[] = [
  {
    key: "categories",
    label: "Labels to spread evenly",
    form: "words",
    hint: "columns of items, for example: emotion_label",
    initial: "",
  },
  {
    key: "scales",
    label: "Numbers to spread evenly, three at most",
    form: "words",
    hint: "for example: va_valence, va_arousal",
    initial: "",
  },
  { key: "bins", label: "Grid cells per number", form: "number", initial: "3", required: true },
  SEED,
];

/** What each kind of scheme asks, besides its name. */
export const FIELDS: Readonly<Record<Kind, readonly FieldSpec[]>> = {
  ratio: [SHARES, KEYS, ...STRATIFIED],
  crossed: [
    {
      ...SHARES,
      initial: "train 0.7, test 0.3",
      hint: "of the values of each key; items between are left out",
    },
    {
      ...KEYS,
      label: "Group keys, two or more, of which no part shares any",
      initial: "subject, film",
      required: true,
    },
    ...STRATIFIED,
  ],
  kfold: [
    { key: "folds", label: "Folds", form: "number", initial: "5", required: true },
    KEYS,
    ...STRATIFIED,
  ],
  loso: [{ key: "key", label: "Group key", form: "text", initial: "subject", required: true }],
  temporal: [
    {
      key: "parts",
      label: "Stretches in their order",
      form: "stretches",
      initial: "train 0.7, test 0.3",
      required: true,
    },
    { key: "guard_s", label: "Unused seconds between them", form: "number", initial: "5", required: true },
  ],
  date: [
    {
      key: "field",
      label: "Field with the date",
      form: "text",
      hint: "a group key or a field of the metadata",
      initial: "recorded",
      required: true,
    },
    {
      key: "cuts",
      label: "Cuts, one a line",
      form: "cuts",
      hint: "“2024-01-01 train”; last “rest test”",
      initial: "2024-01-01 train\nrest test",
      required: true,
    },
    KEYS,
  ],
  rater: [{ ...SHARES, initial: "train 0.8, test 0.2" }, SEED],
  official: [
    { key: "field", label: "Field that says the part", form: "text", initial: "" },
    {
      key: "roles",
      label: "Or a list, one item a line",
      form: "roles",
      hint: "“clip-001 train”",
      initial: "",
    },
    KEYS,
  ],
};
export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  ratio: "by shares",
  crossed: "shares of each key",
  kfold: "folds",
  loso: "leave one group out",
  temporal: "stretches of each recording",
  date: "by date",
  rater: "by rater",
  official: "a published list",
};
/** Kinds that look for items showing the same. */
export const LOOKS_FOR_COPIES: ReadonlySet<Kind> = new Set<Kind>([
  "ratio",
  "crossed",
  "kfold",
  "loso",
  "date",
  "official",
]);

export interface SchemeDraft {
  /** For React; it is not sent. */
  id: string;
  kind: Kind;
  name: string;
  texts: Readonly<Record<string, string>>;
  nearDuplicates: boolean;
}

export interface Draft {
  name: string;
  title: string;
  description: string;
  collection: string;
  studies: readonly string[];
  media: string;
  licence: string;
  minRaters: string;
  shareAbove: string;
  minCcc: string;
  lagFrom: string;
  lagS: string;
  /** “affect=ewe, mood=mean”. */
  fusions: string;
  /** A rule a line; see `ruleOf`. */
  rules: string;
  /** A mapping a line; see `mappingOf`. */
  mappings: string;
  defaultSplit: string;
  schemes: readonly SchemeDraft[];
  card: Readonly<Record<string, string>>;
}

const list = (text: string) =>
  text
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);

/** The word after the last space is the second of the pair. */
function pair(text: string): [string, string] {
  const cut = text.trim().lastIndexOf(" ");
  return cut < 0 ? [text.trim(), ""] : [text.slice(0, cut).trim(), text.trim().slice(cut + 1)];
}

const lines = (text: string) => text.split("\n").filter((line) => line.trim());

/** A number where it is one; else the text, for the server to name. */
const number = (text: string): number | string =>
  text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);

function sentValue(form: Form, text: string): unknown {
  switch (form) {
    case "text":
      return text.trim();
    case "number":
      return number(text);
    case "words":
      return list(text);
    case "shares":
      return Object.fromEntries(
        list(text)
          .map(pair)
          .map(([role, share]) => [role, number(share)]),
      );
    case "stretches":
      return list(text)
        .map(pair)
        .map(([role, share]) => ({ role, share: number(share) }));
    case "cuts":
      return lines(text)
        .map(pair)
        .map(([before, role]) => ({ before: before === "rest" ? null : before, role }));
    case "roles":
      return Object.fromEntries(lines(text).map(pair));
  }
}

function textOf(form: Form, value: unknown): string {
  if (value === undefined || value === null) return "";
  switch (form) {
    case "text":
    case "number":
      return String(value);
    case "words":
      return (value as string[]).join(", ");
    case "shares":
      return inOrder(value as Record<string, number>)
        .map(([role, share]) => `${role} ${share}`)
        .join(", ");
    case "stretches":
      return (value as { role: string; share: number }[])
        .map(({ role, share }) => `${role} ${share}`)
        .join(", ");
    case "cuts":
      return (value as { before: string | null; role: string }[])
        .map(({ before, role }) => `${before ?? "rest"} ${role}`)
        .join("\n");
    case "roles":
      return Object.entries(value as Record<string, string>)
        .map(([item, role]) => `${item} ${role}`)
        .join("\n");
  }
}

export function newScheme(kind: Kind, name: string, id: string): SchemeDraft {
  const texts = Object.fromEntries(FIELDS[kind].map(({ key, initial }) => [key, initial]));
  return { id, kind, name, texts, nearDuplicates: true };
}

export const emptyDraft = (id: string): Draft => ({
  name: "",
  title: "",
  description: "",
  collection: "",
  studies: [],
  media: "none",
  licence: "",
  minRaters: "",
  shareAbove: "",
  minCcc: "",
  lagFrom: "",
  lagS: "",
  fusions: "",
  rules: "",
  mappings: "",
  defaultSplit: "default",
  schemes: [newScheme("ratio", "default", id)],
  card: {},
});

const text = (value: number | undefined) => (value === undefined ? "" : String(value));

export function draftOf(dataset: Dataset, newId: () => string): Draft {
  const { recipe } = dataset;
  return {
    name: dataset.name,
    title: dataset.title,
    description: dataset.description,
    collection: recipe.collection,
    studies: recipe.studies,
    media: recipe.media,
    licence: recipe.licence,
    minRaters: text(recipe.gold?.min_raters),
    shareAbove: text(recipe.gold?.share_above),
    minCcc: text(recipe.gold?.min_ccc),
    lagFrom: recipe.gold?.lag_from ?? "",
    lagS: text(recipe.gold?.lag_s),
    fusions: Object.entries(recipe.gold?.fusion ?? {})
      .map(([question, method]) => `${question}=${method}`)
      .join(", "),
    rules: (recipe.quality?.exclude ?? []).map(ruleText).join("\n"),
    mappings: (recipe.mappings ?? []).map(mappingText).join("\n"),
    defaultSplit: recipe.default_split ?? "",
    schemes: (recipe.splits ?? []).map((scheme) => schemeDraft(scheme, newId())),
    card: Object.fromEntries(
      Object.entries(recipe.card ?? {}).map(([key, value]) => [
        key,
        Array.isArray(value) ? value.join(", ") : String(value),
      ]),
    ),
  };
}

function schemeDraft(scheme: Scheme, id: string): SchemeDraft {
  const open = scheme as unknown as Readonly<Record<string, unknown>>;
  const texts = Object.fromEntries(
    FIELDS[scheme.kind].map(({ key, form }) => [key, textOf(form, open[key])]),
  );
  return { id, kind: scheme.kind, name: scheme.name, texts, nearDuplicates: open.near_duplicates !== false };
}

function schemeOf({ kind, name, texts, nearDuplicates }: SchemeDraft): Record<string, unknown> {
  const asked = FIELDS[kind].filter(({ key, form }) => texts[key]?.trim() || form === "words");
  const values = Object.fromEntries(asked.map(({ key, form }) => [key, sentValue(form, texts[key] ?? "")]));
  return {
    kind,
    name,
    ...values,
    ...(LOOKS_FOR_COPIES.has(kind) ? { near_duplicates: nearDuplicates } : {}),
  };
}

type Rule = NonNullable<Dataset["recipe"]["quality"]>["exclude"][number];

type Mapping = NonNullable<Dataset["recipe"]["mappings"]>[number];

/** Settings whose values are texts, also where they look like numbers. */
const TEXTS: ReadonlySet<string> = new Set(["question", "name", "taxonomy", "target"]);

/** “question=mood min_answers=5” and such. */
function settingsOf(words: readonly string[]): Record<string, string | number> {
  return Object.fromEntries(
    words.map((setting): [string, string | number] => {
      const cut = setting.indexOf("=");
      const [key, value] = cut < 0 ? [setting, ""] : [setting.slice(0, cut), setting.slice(cut + 1)];
      return [key, TEXTS.has(key) ? value : number(value)];
    }),
  );
}

const settingsText = (settings: Readonly<Record<string, unknown>>): string =>
  Object.entries(settings)
    .map(([key, value]) => ` ${key}=${value}`)
    .join("");

/** “speeding response 0.3 question=mood”: check, of what, limit, and whatever else the rule says. */
function ruleOf(line: string): Record<string, unknown> {
  const [check = "", of = "", limit = "", ...more] = line.trim().split(/\s+/);
  return { check, of, limit: number(limit), ...settingsOf(more) };
}

/** “nearest ekman vad taxonomy=ekman6”: kind, name, question, and what this kind asks. */
function mappingOf(line: string): Record<string, unknown> {
  const [kind = "", name = "", question = "", ...more] = line.trim().split(/\s+/);
  return { kind, name, question, ...settingsOf(more) };
}

function mappingText({ kind, name, question, ...more }: Mapping): string {
  return `${kind} ${name} ${question}${settingsText(more)}`;
}

export function ruleText({ check, of, limit, ...more }: Rule): string {
  const { name, ...settings } = more;
  return `${check} ${of} ${limit}${settingsText(name === check ? settings : more)}`;
}

/** “affect=ewe, mood=mean”: question and how its gold traces are fused. */
const fusionsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    list(text).map((one): [string, string] => {
      const [question = "", method = ""] = one.split("=");
      return [question.trim(), method.trim()];
    }),
  );

function goldOf({ minRaters, shareAbove, minCcc, lagFrom, lagS, fusions }: Draft): Record<string, unknown> {
  const told = { min_raters: minRaters, share_above: shareAbove, min_ccc: minCcc, lag_s: lagS };
  const given = Object.entries(told).filter(([, value]) => value !== "");
  return {
    ...Object.fromEntries(given.map(([name, value]) => [name, number(value)])),
    ...(lagFrom ? { lag_from: lagFrom } : {}),
    ...(fusions.trim() ? { fusion: fusionsOf(fusions) } : {}),
  };
}

/** The recipe that a draft means; what was left empty is left out. */
export function recipeOf(draft: Draft): Record<string, unknown> {
  const { authors = "", smallest_band = "", ...prose } = draft.card;
  return {
    collection: draft.collection,
    studies: draft.studies,
    media: draft.media,
    licence: draft.licence,
    gold: goldOf(draft),
    ...(draft.rules.trim() ? { quality: { exclude: lines(draft.rules).map(ruleOf) } } : {}),
    ...(draft.mappings.trim() ? { mappings: lines(draft.mappings).map(mappingOf) } : {}),
    splits: draft.schemes.map(schemeOf),
    default_split: draft.defaultSplit,
    card: {
      ...prose,
      authors: list(authors),
      ...(smallest_band ? { smallest_band: number(smallest_band) } : {}),
    },
  };
}

export interface Fault {
  /** Such as `splits[0].ratios`; empty: about all of it. */
  place: string;
  reason: string;
}

/** What the server found wrong, by its place. */
export function faultsIn(error: unknown): Fault[] {
  if (!(error instanceof ApiError)) return [];
  const { errors, ...fields } = error.details;
  const told = Array.isArray(errors)
    ? errors.map(String)
    : Object.entries(fields).map(([field, reasons]) => `${field}: ${[reasons].flat().join(" ")}`);
  return told.map((line) => {
    const cut = line.indexOf(": ");
    return { place: line.slice(0, Math.max(0, cut)), reason: line.slice(cut < 0 ? 0 : cut + 2) };
  });
}

/** Reasons that concern a field or something within it. */
export const reasonsAt = (faults: readonly Fault[], place: string): string[] =>
  faults
    .filter(({ place: at }) => at === place || at.startsWith(`${place}.`) || at.startsWith(`${place}[`))
    .map(({ place: at, reason }) =>
      at === place ? reason : `${at.slice(place.length).replace(/^\./, "")}: ${reason}`,
    );
