import { describe, expect, test } from "vitest";
import { seeded } from "../testing/random";
import { waveform } from "./peaks";
import { laneScales, levelFor, type Pyramid, pan, zoom } from "./pyramid";

const PYRAMID: Pyramid = {
  channels: [{ label: "Cz", unit: "uV", rate_hz: 256 }],
  duration_s: 100,
  levels: [
    { bucket_s: 0.01, min: [[]], max: [[]] },
    { bucket_s: 1, min: [[-2, -4, -6]], max: [[2, 4, 6]] },
    { bucket_s: 0.1, min: [[]], max: [[]] },
  ],
};

describe("pyramid", () => {
  test("takes the coarsest level that is still fine enough", () => {
    expect(levelFor(PYRAMID, 5)?.bucket_s).toBe(1);
    expect(levelFor(PYRAMID, 0.5)?.bucket_s).toBe(0.1);
    expect(levelFor(PYRAMID, 0.001)?.bucket_s).toBe(0.01);
    expect(levelFor({ ...PYRAMID, levels: [] }, 1)).toBeNull();
  });

  test("no way of moving leaves the recording", () => {
    const random = seeded(9);
    let span = { from_s: 0, length_s: 10 };
    for (let i = 0; i < 2000; i++) {
      span =
        random() < 0.5 ? pan(span, (random() - 0.5) * 4, 100) : zoom(span, 0.3 + random() * 3, random(), 100);
      expect(span.from_s).toBeGreaterThanOrEqual(0);
      expect(span.from_s + span.length_s).toBeLessThanOrEqual(100 + 1e-9);
    }
  });

  test("zooming keeps what is under the pointer", () => {
    const before = { from_s: 40, length_s: 20 };
    const after = zoom(before, 2, 0.25, 100);
    expect(after.from_s + 0.25 * after.length_s).toBeCloseTo(45);
  });

  test("a lane's scale is the typical half height of its channel", () => {
    expect(laneScales(PYRAMID)).toEqual([4]);
  });
});

test("a waveform column holds the extremes of its part over all channels", () => {
  const peaks = {
    rate_hz: 10,
    channels: 2,
    min: [
      [-0.25, 0, 0, 0],
      [0, 0, -0.5, 0],
    ],
    max: [
      [0, 0.75, 0, 0],
      [0, 0, 0, 0.5],
    ],
  };
  expect([...waveform(peaks, 2)]).toEqual([-0.25, 0.75, -0.5, 0.5]);
});
