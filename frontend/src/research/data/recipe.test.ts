import { describe, expect, it } from "vitest";
import { ApiError } from "../../api/http";
import { draftOf, faultsIn, newScheme, reasonsAt, recipeOf } from "./recipe";
import type { Dataset } from "./shapes";

const SPLITS = [
  {
    kind: "ratio",
    name: "main",
    ratios: { train: 0.8, test: 0.2 },
    keys: ["subject", "film"],
    categories: ["emotion_label"],
    scales: [],
    bins: 3,
    seed: 7,
    near_duplicates: true,
  },
  {
    kind: "crossed",
    name: "both-unseen",
    ratios: { train: 0.7, test: 0.3 },
    keys: ["subject", "film"],
    categories: [],
    scales: [],
    bins: 3,
    seed: 0,
    near_duplicates: true,
  },
  {
    kind: "kfold",
    name: "folds",
    folds: 5,
    keys: [],
    categories: [],
    scales: ["v"],
    bins: 2,
    seed: 0,
    near_duplicates: false,
  },
  { kind: "loso", name: "loso", key: "subject", near_duplicates: true },
  {
    kind: "temporal",
    name: "time",
    parts: [
      { role: "train", share: 0.7 },
      { role: "test", share: 0.3 },
    ],
    guard_s: 5,
  },
  {
    kind: "date",
    name: "dated",
    field: "recorded",
    cuts: [
      { before: "2024-01-01", role: "train" },
      { before: null, role: "test" },
    ],
    keys: [],
    near_duplicates: true,
  },
  { kind: "rater", name: "by-rater", ratios: { train: 1 }, seed: 0 },
  {
    kind: "official",
    name: "list",
    roles: { "clip 1": "train", "clip-2": "test" },
    keys: [],
    near_duplicates: true,
  },
];
const RECIPE = {
  collection: "films",
  studies: ["va"],
  media: "proxy",
  licence: "CC0-1.0",
  gold: {
    min_raters: 3,
    share_above: 0.5,
    min_ccc: 0.2,
    lag_s: 1.5,
    lag_from: "calibration",
    fusion: { affect: "ewe" },
  },
  quality: {
    exclude: [
      { check: "speeding", of: "response", limit: 0.3 },
      { check: "longstring", of: "rater", limit: 0.8, name: "same", min_answers: 10, question: "mood" },
    ],
  },
  mappings: [
    { kind: "nearest", name: "ekman", question: "vad", taxonomy: "ekman6" },
    { kind: "ridge", name: "1", question: "emotion", target: "vad", penalty: 0.5, seed: 0 },
  ],
  default_split: "main",
  splits: SPLITS,
  card: { motivation: "To know.", authors: ["A", "B"], smallest_band: 5 },
};

describe("a recipe in the form", () => {
  it("comes out as it went in, whatever the kinds of its schemes", () => {
    const dataset = { name: "d", title: "D", description: "", recipe: RECIPE } as unknown as Dataset;
    expect(recipeOf(draftOf(dataset, () => "id"))).toEqual(RECIPE);
  });

  it("leaves a wrong number for the server to name", () => {
    const scheme = { ...newScheme("kfold", "f", "id"), texts: { folds: "many" } };
    const dataset = { name: "d", title: "D", description: "", recipe: RECIPE } as unknown as Dataset;
    const draft = { ...draftOf(dataset, () => "id"), schemes: [scheme] };
    expect(recipeOf(draft).splits).toMatchObject([{ folds: "many" }]);
  });
});

describe("faults", () => {
  it("stand at the field that they are about", () => {
    const error = new ApiError(400, {
      code: "invalid_recipe",
      message: "Not right.",
      details: { errors: ["splits[1].folds: Too few.", "splits[1].keys[0]: No name.", "media: No choice."] },
    });
    const faults = faultsIn(error);
    expect(reasonsAt(faults, "splits[1].folds")).toEqual(["Too few."]);
    expect(reasonsAt(faults, "splits[1].keys")).toEqual(["[0]: No name."]);
    expect(reasonsAt(faults, "splits[0].folds")).toEqual([]);
  });

  it("of plain fields are found, too", () => {
    const error = new ApiError(400, {
      code: "invalid",
      message: "Some fields.",
      details: { name: ["Enter a valid slug."] },
    });
    expect(reasonsAt(faultsIn(error), "name")).toEqual(["Enter a valid slug."]);
    expect(faultsIn(new Error("no answer"))).toEqual([]);
  });
});
