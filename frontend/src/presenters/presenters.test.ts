import { expect, test } from "vitest";
import { waveform } from "./peaks";

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
