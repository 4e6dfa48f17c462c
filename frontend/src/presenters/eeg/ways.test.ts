import { expect, test } from "vitest";
import { NO_FILTERS } from "./filters";
import { type Extent, firstLook } from "./look";
import { SeenWays } from "./ways";

test("what was seen is told by the way in which it was looked at, and in whatever way", () => {
  const extent: Extent = { onset_s: 0, duration_s: 100, lanes: 2, sample_s: 1 / 256 };
  const first = firstLook(extent);
  const louder = { ...first, gain: 2 };
  const ways = new SeenWays();
  for (const look of [first, { ...louder, from_s: 5 }, { ...first, from_s: 10 }, { ...louder, from_s: 90 }])
    ways.see(look, extent);
  const plain = { montage: "recorded", gain: 1, ...NO_FILTERS };
  expect(ways.told).toEqual([
    { ...plain, seen_s: [[0, 20]] },
    {
      ...{ ...plain, gain: 2 },
      seen_s: [
        [5, 15],
        [90, 100],
      ],
    },
  ]);
  expect(ways.seen_s).toEqual([
    [0, 20],
    [90, 100],
  ]);
});
