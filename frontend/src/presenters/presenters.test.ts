import { expect, test } from "vitest";
import { cut, waveform } from "./peaks";

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

test("the waveform of a stretch is that of its own part of the file", () => {
  const ramp = Array.from({ length: 100 }, (_, i) => i / 100);
  const peaks = { rate_hz: 10, channels: 1, min: [ramp.map((value) => -value)], max: [ramp] };
  expect([...waveform(cut(peaks, 2, 4), 2)].map((value) => Number(value.toFixed(2)))).toEqual([
    -0.29, 0.29, -0.39, 0.39,
  ]);
  expect(cut(peaks, 9, null).max[0]).toEqual(ramp.slice(90));
});
