import { describe, expect, it } from "vitest";
import type { Overlay } from "../data/shapes";
import { goldFirst, goldName, lagNote } from "./gold";
import { place, roundStep, ticks } from "./scale";
import { bands, type Frame, indexAt, strokes } from "./series";
import { seriesTable } from "./table";

const frame = (last: number, width = 100): Frame => ({
  first: 0,
  last,
  left: 0,
  right: width,
  top: 0,
  bottom: 10,
  low: -1,
  high: 1,
});

describe("scales", () => {
  it("hold a place within the range", () => {
    expect(place(0, -1, 1)).toBe(0.5);
    expect(place(5, -1, 1)).toBe(1);
    expect(place(1, 1, 1)).toBe(0);
  });

  it("step by 1, 2 or 5", () => {
    expect(roundStep(2, 4)).toBe(0.5);
    expect(roundStep(12, 10)).toBe(2);
    expect(roundStep(0.07, 5)).toBeCloseTo(0.02);
  });

  it("mark round values with no rounding error", () => {
    expect(ticks(-1, 1, 4)).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(ticks(0, 0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(ticks(2, 2, 4)).toEqual([2]);
  });
});

describe("strokes", () => {
  it("go through every value", () => {
    expect(strokes([-1, 0, 1], frame(2))).toEqual([[0, 10, 50, 5, 100, 0]]);
  });

  it("break where there is no value", () => {
    expect(strokes([null, 0, null, 1, 1], frame(4))).toEqual([
      [25, 5],
      [75, 0, 100, 0],
    ]);
    expect(strokes([null, null], frame(1))).toEqual([]);
  });

  it("keep each pixel's lowest and highest of a long series", () => {
    const values = Array.from({ length: 1001 }, (_, i) => (i === 503 ? 1 : i === 507 ? -1 : 0));
    const found = strokes(values, frame(1000));
    const ys = found.flat().filter((_, i) => i % 2 === 1);
    expect(Math.min(...ys)).toBe(0);
    expect(Math.max(...ys)).toBe(10);
    expect(found.flat().length).toBeLessThan(500);
  });

  it("stop at the end of a series that is shorter than the others", () => {
    expect(strokes([0, 0], frame(4))).toEqual([[0, 5, 25, 5]]);
  });
});

describe("bands", () => {
  it("run along the upper and back along the lower edge, held within the range", () => {
    expect(bands([0, 0.5], [0.5, 1], frame(1))).toEqual([[0, 2.5, 100, 0, 100, 7.5, 0, 7.5]]);
  });

  it("have a hole where the deviation is undefined", () => {
    const found = bands([0, 0, 0, 0, 0], [1, 1, null, 1, 1], frame(4));
    expect(found).toHaveLength(2);
  });
});

describe("the cursor", () => {
  it("finds the sample at a time, and none outside", () => {
    expect(indexAt(1.02, 1, 25, 10)).toBe(1);
    expect(indexAt(0.9, 1, 25, 10)).toBeNull();
    expect(indexAt(9, 1, 25, 10)).toBeNull();
  });
});

it("the table of all series has a row for each sample and a column for each line", () => {
  const overlay: Overlay = {
    item: "film.mp4",
    title: "film",
    kind: "video",
    question: "affect",
    dimensions: [{ key: "valence", name: "Valence", min: -1, max: 1, low_label: "low", high_label: "high" }],
    onset_s: 0,
    rate_hz: 4,
    t0_s: 0.5,
    raters: [
      {
        ...{ rater: "r-1", kind: "crowd", simulated: false, values: [[0.1, null]], validity: {}, device: {} },
        calibration: null,
      },
    ],
    gold: [
      {
        ...{ method: "mean", values: [[0.1, 0.2]], sd: [[0, null]], n: [1, 1], weights: {}, lags_s: {} },
        ...{ is_gold: true, lag_from: "none", reason: "" },
      },
    ],
    media: {},
  };
  expect(seriesTable(overlay)).toEqual({
    header: ["t_s", "valence_mean", "valence_mean_sd", "valence_r-1"],
    rows: [
      [0.5, 0.1, 0, 0.1],
      [0.75, 0.2, null, null],
    ],
  });
});

it("draws the gold of the protocol first, whichever fusion it is, and names it", () => {
  const fused = (method: string, is_gold: boolean) =>
    ({ method, is_gold, lag_from: "calibration" }) as Overlay["gold"][number];
  const gold = [fused("mean", false), fused("ewe", true)];
  expect(goldFirst(gold).map(goldName)).toEqual(["Gold (EWE)", "Mean"]);
  expect(lagNote(gold)).toContain("calibrations");
  expect(lagNote([])).toBeNull();
});
