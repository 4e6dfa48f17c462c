import { describe, expect, test } from "vitest";
import { seeded } from "../../testing/random";
import { filterBothWays, NO_FILTERS, sectionsOf } from "./filters";
import {
  type Extent,
  firstLook,
  inSight,
  type Move,
  moved,
  sameChoices,
  snapped,
  underHead,
  withStretch,
} from "./look";
import { electrodeOf, laneValue, montages } from "./montage";
import { baselines, type Pyramid, pan, unitScales, zoom } from "./pyramid";
import { blankOutside, drawWave, join, type Series, sweep } from "./raster";
import { newestSample } from "./samples";
import { byteRange, decodeTile, nextRun, readLayout, type TileHeader, tilesOf } from "./tiles";
import { Waves } from "./waves";

const PYRAMID: Pyramid = {
  channels: [
    { label: "Cz", unit: "uV", rate_hz: 256 },
    { label: "EDA", unit: "uS", rate_hz: 4 },
  ],
  duration_s: 100,
  levels: [
    { bucket_s: 0.1, min: [[], []], max: [[], []] },
    {
      bucket_s: 1,
      min: [
        [-2, -4, -6],
        [4, null, 5],
      ],
      max: [
        [2, 4, 6],
        [6, null, 7],
      ],
    },
  ],
};

describe("the stretch on screen", () => {
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
    const after = zoom({ from_s: 40, length_s: 20 }, 2, 0.25, 100);
    expect(after.from_s + 0.25 * after.length_s).toBeCloseTo(45);
  });

  test("what runs under the play head keeps its place there, at the ends of the recording too", () => {
    const extent: Extent = { onset_s: 0, duration_s: 100, lanes: 64, sample_s: 1 / 256 };
    const first = firstLook(extent);
    for (const at_s of [0, 3, 50, 100]) {
      const look = underHead(first, at_s);
      expect((at_s - look.from_s) / look.length_s).toBeCloseTo(0.75);
      expect(look.cursor_s).toBe(at_s);
      expect(sameChoices(first, look)).toBe(true);
    }
    expect(inSight(underHead(first, 2), extent)).toEqual([0, 4.5]);
    expect(inSight(underHead(first, 99), extent)).toEqual([91.5, 100]);
    expect(sameChoices(first, moved(first, "larger", extent))).toBe(false);
  });

  test("of a file only the recording's own samples can be pointed at, on the file's own grid", () => {
    const extent: Extent = { onset_s: 1.003, duration_s: 2, lanes: 1, sample_s: 0.01 };
    const places = [-1, 0, 0.5, 2, 9].map((at_s) => snapped(at_s, extent) + extent.onset_s);
    expect(places.map((at_s) => Number(at_s.toFixed(6)))).toEqual([1.01, 1.01, 1.5, 2.99, 2.99]);
    expect(newestSample(0.5, 100, 1.003) + 1.003).toBeCloseTo(1.5, 9);
  });

  test("the newest sample under the play head is no later than the head", () => {
    for (const rate_hz of [128, 200, 250, 256]) {
      for (let sample = 0; sample < 5000; sample++) {
        expect(newestSample(sample / rate_hz, rate_hz)).toBeCloseTo(sample / rate_hz, 9);
        expect(newestSample((sample + 0.9) / rate_hz, rate_hz)).toBeCloseTo(sample / rate_hz, 9);
      }
    }
  });

  test("no key leaves the recording, its lanes or its samples", () => {
    const extent: Extent = { onset_s: 0, duration_s: 100, lanes: 64, sample_s: 1 / 256 };
    const keys: Move[] = [
      "earlier", "later", "first", "last", "shorter", "longer", "larger", "smaller", "up", "down", "more",
      "fewer", "cursorBack", "cursorOn",
    ]; // biome-ignore format: one list
    const random = seeded(4);
    let look = firstLook(extent);
    for (let i = 0; i < 3000; i++) {
      look = moved(look, keys[Math.floor(random() * keys.length)] as Move, extent);
      expect(look.lane).toBeGreaterThanOrEqual(0);
      expect(look.lane + look.lanes).toBeLessThanOrEqual(64);
      expect(look.from_s + look.length_s).toBeLessThanOrEqual(100 + 1e-9);
      const sample = (look.cursor_s ?? 0) * 256;
      expect(sample).toBeCloseTo(Math.round(sample), 6);
      expect(look.cursor_s ?? 0).toBeLessThanOrEqual(100 - 1 / 256);
    }
  });

  test("what was seen is kept as stretches that do not touch", () => {
    const seen = ([[0, 10], [30, 40], [5, 12], [12, 13], [35, 36]] as [number, number][]).reduce(
      (all, one) => withStretch(all, one),
      [] as [number, number][],
    ); // biome-ignore format: pairs
    expect(seen).toEqual([
      [0, 13],
      [30, 40],
    ]);
  });

  test("a row's height is that of its unit, and a row stands around its channel's middle", () => {
    expect([...unitScales(PYRAMID)]).toEqual([
      ["uV", 4],
      ["uS", 1],
    ]);
    expect(baselines(PYRAMID)).toEqual([0, 6]);
  });
});

const channel = (label: string, unit = "uV", rate_hz = 256) => ({ label, unit, rate_hz });

describe("montages", () => {
  test("read electrodes from the usual ways to write them", () => {
    const labels = ["Fp1", "EEG F7-REF", "EEG Cz", "T3", "Oz.", "EDA", "EOG left", "A1", "Status", "C3-M2"];
    expect(labels.map(electrodeOf)).toEqual(["fp1", "f7", "cz", "t3", "oz", null, null, null, null, "c3"]);
  });

  test("chains take neighbours that are both there, old names like new ones", () => {
    const names = ["Fp1", "F7", "T3", "T5", "O1", "Pz", "Cz", "EDA"];
    const found = montages(names.map((name) => channel(name)));
    expect(found.get("bipolar")?.map(({ label }) => label)).toEqual([
      "Fp1-F7", "F7-T3", "T3-T5", "T5-O1", "Cz-Pz", "EDA",
    ]); // biome-ignore format: one list
  });

  test("are only offered where names allow", () => {
    expect([...montages([channel("EDA"), channel("Resp")]).keys()]).toEqual(["recorded"]);
    expect([...montages([channel("Cz"), channel("Oz")]).keys()]).toEqual(["recorded", "average"]);
  });

  test("an average reference sums to zero over the scalp and leaves the rest alone", () => {
    const channels = [channel("Fz"), channel("Cz"), channel("Pz"), channel("EDA", "uS", 4)];
    const lanes = montages(channels).get("average") ?? [];
    const values = [3, 5, 10, 7].map((_, i) =>
      laneValue(lanes[i] as never, (one) => [3, 5, 10, 7][one] ?? 0),
    );
    expect(values).toEqual([-3, -1, 4, 7]);
  });
});

const sine = (hz: number, rate: number, n: number) =>
  Float32Array.from({ length: n }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rate));

const gainAt = (hz: number, filters: Partial<typeof NO_FILTERS>): number => {
  const values = sine(hz, 256, 256 * 40);
  filterBothWays(values, sectionsOf({ ...NO_FILTERS, ...filters }, 256));
  return Math.max(...values.slice(256 * 15, 256 * 25));
};

describe("filters", () => {
  test("halve the amplitude at the corner, pass one side and stop the other", () => {
    expect(gainAt(1, { high_pass_hz: 1 })).toBeCloseTo(0.5, 2);
    expect(gainAt(40, { low_pass_hz: 40 })).toBeCloseTo(0.5, 2);
    expect(gainAt(10, { high_pass_hz: 1, low_pass_hz: 40 })).toBeCloseTo(1, 1);
    expect(gainAt(0.1, { high_pass_hz: 1 })).toBeLessThan(0.001);
    expect(gainAt(100, { low_pass_hz: 15 })).toBeLessThan(0.01);
    expect(gainAt(50, { notch_hz: 50 })).toBeLessThan(0.01);
    expect(gainAt(40, { notch_hz: 50 })).toBeGreaterThan(0.95);
  });

  test("move nothing in time", () => {
    const values = Float32Array.from({ length: 2001 }, (_, i) => Math.exp(-(((i - 1000) / 8) ** 2)));
    filterBothWays(values, sectionsOf({ ...NO_FILTERS, low_pass_hz: 15 }, 256));
    expect(values.indexOf(Math.max(...values))).toBe(1000);
  });

  test("take away a constant without a jump at the edges, and leave out what a rate has no room for", () => {
    const values = new Float32Array(1000).fill(4000);
    filterBothWays(values, sectionsOf({ ...NO_FILTERS, high_pass_hz: 0.5 }, 256));
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(0.1);
    expect(sectionsOf({ high_pass_hz: 0.5, low_pass_hz: 40, notch_hz: 50 }, 32)).toHaveLength(1);
  });
});

const HEADER: TileHeader = {
  encoding: "int16",
  tile_s: 2,
  n_tiles: 3,
  coarse: 4,
  channels: [
    { label: "Cz", unit: "uV", rate_hz: 5, n_samples: 28, samples_per_tile: 10, scale: 0.5, offset: 1 },
    { label: "EDA", unit: "uS", rate_hz: 1, n_samples: 6, samples_per_tile: 2, scale: 1, offset: 0 },
  ],
};

describe("tiles", () => {
  test("lie where the server wrote them", () => {
    const layout = { header: HEADER, begin: 100 };
    expect(byteRange(layout, "raw", 0, 0)).toEqual([100, 123]);
    expect(byteRange(layout, "raw", 1, 2)).toEqual([124, 171]);
    // Per tile 3 + 1 buckets, each with two values of two bytes.
    expect(byteRange(layout, "coarse", 1, 1)).toEqual([172 + 16, 172 + 31]);
  });

  test("are read back by channel", () => {
    const text = new TextEncoder().encode(JSON.stringify(HEADER));
    const head = new Uint8Array(4 + text.length);
    new DataView(head.buffer).setUint32(0, text.length, true);
    head.set(text, 4);
    expect(readLayout(head.buffer)).toEqual({ header: HEADER, begin: head.length });
    const values = Int16Array.from({ length: 24 }, (_, i) => i - 5);
    const tile = decodeTile(HEADER, "raw", values.buffer, 24);
    expect([...(tile.low[0] ?? [])]).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
    expect([...(tile.high[1] ?? [])]).toEqual([17, 18]);
    const coarse = decodeTile(HEADER, "coarse", values.buffer, 0);
    expect([[...(coarse.low[0] ?? [])], [...(coarse.high[0] ?? [])]]).toEqual([
      [-5, -4, -3],
      [-2, -1, 0],
    ]);
  });

  test("of a stretch are those that it touches, the last one at the very end too", () => {
    expect(tilesOf(HEADER, 0, 2)).toEqual([0, 0]);
    expect(tilesOf(HEADER, 1.9, 2.1)).toEqual([0, 1]);
    expect(tilesOf(HEADER, 5.5, 6)).toEqual([2, 2]);
  });

  test("that are missing in a row come with one request", () => {
    const has = (tile: number) => tile === 3;
    expect(nextRun([1, 2, 3, 4, 5], has, 10)).toEqual([1, 2]);
    expect(nextRun([4, 5, 6, 7], has, 3)).toEqual([4, 6]);
    expect(nextRun([3], has, 3)).toBeNull();
  });
});

const columns = (n: number) => ({
  low: new Float32Array(n).fill(Number.NaN),
  high: new Float32Array(n).fill(Number.NaN),
});

const series = (values: readonly (number | null)[], step_s: number, runLength: number, gap = -1): Series => ({
  step_s,
  length: values.length,
  runLength,
  runAt: (run) => {
    const part = values.slice(run * runLength, (run + 1) * runLength);
    return run === gap ? null : { low: part, high: part, scale: 1, offset: 0 };
  },
});

describe("raster", () => {
  test("shows nothing of the file before a recording's beginning and after its end", () => {
    const into = columns(10);
    into.low.fill(1);
    into.high.fill(2);
    blankOutside(into, -3, 10, 4);
    expect([...into.low].map((value) => value === 1)).toEqual([0, 0, 0, 1, 1, 1, 1, 0, 0, 0].map(Boolean));
    expect(into.high[0]).toBeNaN();
  });

  test("a column holds the extremes of all its samples, over the seams of tiles", () => {
    const random = seeded(2);
    const values = Array.from({ length: 1000 }, () => random());
    const into = columns(50);
    sweep(series(values, 0.01, 77), 0, 0.2, into);
    for (let column = 0; column < 50; column++) {
      const part = values.slice(column * 20, column * 20 + 20);
      expect(into.low[column]).toBeCloseTo(Math.min(...part), 6);
      expect(into.high[column]).toBeCloseTo(Math.max(...part), 6);
    }
  });

  test("before the beginning and after the end there is nothing", () => {
    for (const perColumn_s of [0.25, 1]) {
      const into = columns(12);
      sweep(series([1, 2, 3, 4], 1, 2), -4 * perColumn_s, perColumn_s, into);
      expect([...into.low.subarray(0, 4)]).toEqual(Array(4).fill(Number.NaN));
      expect(into.low[4]).toBe(1);
    }
    const into = columns(12);
    sweep(series([1, 2, 3, 4], 1, 2), 0, 1, into);
    expect([...into.low.subarray(4)]).toEqual(Array(8).fill(Number.NaN));
  });

  test("between two samples it is a straight line; what is missing stays empty", () => {
    const into = columns(9);
    sweep(series([0, 4, 8, null, 1], 1, 2), 0, 0.5, into);
    expect([...into.low].map((value) => (Number.isNaN(value) ? null : Math.round(value)))).toEqual([
      0, 2, 4, 6, 8, null, null, null, 1,
    ]); // biome-ignore format: one list
    const gap = columns(4);
    sweep(series([1, 1, 2, 2, 3, 3, 4, 4], 1, 2, 1), 0, 2, gap);
    expect([...gap.low]).toEqual([1, Number.NaN, 3, 4]);
    sweep(series([9, 9], 4, 2), 0, 2, gap);
    expect([...gap.low]).toEqual([1, 9, 3, 4]);
  });

  test("a steep wave is one line, and it stays in its band", () => {
    const into = { low: Float32Array.of(0, 8, 0), high: Float32Array.of(1, 9, 1) };
    join(into);
    expect([...into.low]).toEqual([0, 1, 0]);
    const raster = { pixels: new Uint32Array(3 * 20), width: 3, height: 20 };
    const band = { middle: 10, px_per_unit: 1, top: 5, bottom: 15, thickness: 1 };
    drawWave(raster, into, band, 0x123456);
    const painted = [...raster.pixels].flatMap((pixel, i) => (pixel ? [Math.floor(i / 3)] : []));
    expect(Math.min(...painted)).toBe(5);
    expect(Math.max(...painted)).toBeLessThan(15);
    expect((raster.pixels[10 * 3] ?? 0) & 0xffffff).toBe(0x123456);
  });
});

test("montage and filters work on samples tile by tile and leave no seam", () => {
  const rate = 64;
  const header: TileHeader = {
    encoding: "int16",
    tile_s: 10,
    n_tiles: 4,
    coarse: 16,
    channels: ["Fz", "Cz", "Pz"].map((label) => ({
      label, unit: "uV", rate_hz: rate, n_samples: 2560, samples_per_tile: 640, scale: 0.1, offset: 0,
    })), // biome-ignore format: one line
  };
  const whole = [3, 5, 7].map((hz) => sine(hz, rate, 2560).map((value) => Math.round(value * 1000)));
  const get = (_level: string, tile: number) => {
    const low = whole.map((one) => Int16Array.from(one.slice(tile * 640, tile * 640 + 640)));
    return { low, high: low, bytes: 0 };
  };
  const store = { layout: { header, begin: 0 }, get, want: () => undefined };
  const pyramid: Pyramid = {
    channels: header.channels,
    duration_s: 40,
    levels: [{ bucket_s: 40, min: [[-100], [-100], [-100]], max: [[100], [100], [100]] }],
  };
  const lanes = montages(pyramid.channels).get("bipolar") ?? [];
  const filters = { ...NO_FILTERS, low_pass_hz: 15 };
  const waves = new Waves(pyramid, store as never, NO_FILTERS);
  waves.configure(lanes, filters);
  const stretch = { from_s: 0, length_s: 40, columns: 2560 };
  const into = columns(2560);
  const found = waves.prepare(stretch);
  expect(found).toEqual({ waiting: false, asRecorded: false });
  expect(waves.fill(lanes[0] as never, 0, stretch, found, Number.POSITIVE_INFINITY, into)).toBe(true);
  const expected = Float32Array.from(whole[0] ?? [], (value, i) => (value - (whole[1]?.[i] ?? 0)) * 0.1);
  filterBothWays(expected, sectionsOf(filters, rate));
  for (let i = 0; i < 2560; i++) expect(Math.abs((into.low[i] ?? 0) - (expected[i] ?? 0))).toBeLessThan(0.05);
});
