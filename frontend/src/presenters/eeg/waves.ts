import { type Filters, filterBothWays, isOn, sectionsOf } from "./filters";
import { type Lane, laneValue } from "./montage";
import { baselines, type Pyramid } from "./pyramid";
import { type Columns, type Series, sweep } from "./raster";
import { bucketsPerTile, type TileChannel, tilesOf } from "./tiles";
import type { TileStore } from "./tilestore";

/** Above it a changed wave needs more samples than can be fetched and computed while somebody looks. */
const MOST_SAMPLES = 4_000_000;
const KEPT_SAMPLES = 12_000_000;

/** One lane in one tile after montage and filters. */
interface Piece {
  values: Float32Array;
  low: Float32Array;
  high: Float32Array;
}

export interface Stretch {
  from_s: number;
  length_s: number;
  columns: number;
}

/** `waiting`: finer samples are on their way. `asRecorded`: too long a stretch for montage and filters. */
export interface Found {
  waiting: boolean;
  asRecorded: boolean;
}

function extremes(values: Float32Array, coarse: number): Pick<Piece, "low" | "high"> {
  const length = Math.ceil(values.length / coarse);
  const low = new Float32Array(length).fill(Number.POSITIVE_INFINITY);
  const high = new Float32Array(length).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < values.length; i++) {
    const bucket = Math.floor(i / coarse);
    const value = values[i] as number;
    if (value < (low[bucket] as number)) low[bucket] = value;
    if (value > (high[bucket] as number)) high[bucket] = value;
  }
  return { low, high };
}

/** What each lane looks like in a stretch of time, from whatever is finest and there. */
export class Waves {
  private readonly pieces = new Map<string, Piece>();
  private means = new Map<number, Float32Array>();
  private keptSamples = 0;
  private readonly levels: Pyramid["levels"];
  private readonly bases: readonly number[];
  private lanes: readonly Lane[] = [];
  private filters: Filters;
  private changed = false;

  constructor(
    private readonly pyramid: Pyramid,
    private readonly store: TileStore | null,
    filters: Filters,
  ) {
    this.levels = [...pyramid.levels].sort((a, b) => a.bucket_s - b.bucket_s);
    this.bases = baselines(pyramid);
    this.filters = filters;
  }

  configure(lanes: readonly Lane[], filters: Filters): void {
    if (lanes === this.lanes && filters === this.filters) return;
    this.lanes = lanes;
    this.filters = filters;
    this.changed = isOn(filters) || lanes.some(({ minus }) => minus.length > 0);
    this.pieces.clear();
    this.means.clear();
    this.keptSamples = 0;
  }

  /** The value around which a lane swings in the whole recording: in the middle of its band. */
  baseline(lane: Lane, { asRecorded }: Found): number {
    if (asRecorded) return this.bases[lane.channel] ?? 0;
    const rate_hz = this.pyramid.channels[lane.channel]?.rate_hz ?? 0;
    const { high_pass_hz } = this.filters;
    const levelled = sectionsOf({ high_pass_hz, low_pass_hz: null, notch_hz: null }, rate_hz).length > 0;
    return levelled ? 0 : laneValue(lane, (channel) => this.bases[channel] ?? 0);
  }

  /** Asks for the tiles of a stretch. To be called once per frame, before `fill`. */
  prepare({ from_s, length_s, columns }: Stretch): Found {
    if (!this.store) return { waiting: false, asRecorded: this.changed };
    const { header } = this.store.layout;
    const perSecond = header.channels.reduce((sum, { rate_hz }) => sum + rate_hz, 0);
    const asRecorded = !this.changed || perSecond * length_s > MOST_SAMPLES;
    const fastest_hz = Math.max(...header.channels.map(({ rate_hz }) => rate_hz));
    const level = asRecorded && (length_s / columns) * fastest_hz >= header.coarse ? "coarse" : "raw";
    if (asRecorded && this.overview(length_s / columns)) {
      this.store.want(level, []);
      return { waiting: false, asRecorded: this.changed };
    }
    const [first, last] = tilesOf(header, from_s, from_s + length_s);
    const visible = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const beside = [last + 1, first - 1].filter((tile) => tile >= 0 && tile < header.n_tiles);
    this.store.want(level, [...visible, ...beside]);
    const store = this.store;
    return {
      waiting: visible.some((tile) => !store.get(level, tile)),
      asRecorded: this.changed && asRecorded,
    };
  }

  /** Fills the columns of one lane; false: something was left out because `deadline` (ms) was over. */
  fill(lane: Lane, index: number, stretch: Stretch, found: Found, deadline: number, into: Columns): boolean {
    into.low.fill(Number.NaN);
    into.high.fill(Number.NaN);
    const perColumn_s = stretch.length_s / stretch.columns;
    if (this.changed && !found.asRecorded) {
      const late = { late: false };
      const series = this.changedSeries(lane, index, perColumn_s, deadline, late);
      if (series) sweep(series, stretch.from_s, perColumn_s, into);
      return !late.late;
    }
    for (const series of this.recordedSeries(lane.channel, perColumn_s)) {
      sweep(series, stretch.from_s, perColumn_s, into);
    }
    return true;
  }

  /** The coarsest level that has a bucket for each column. */
  private overview(perColumn_s: number): Pyramid["levels"][number] | undefined {
    return this.levels.findLast((level) => level.bucket_s <= perColumn_s);
  }

  /** The best first; where it has nothing yet, the next fills in. */
  private recordedSeries(channel: number, perColumn_s: number): Series[] {
    const finest = this.levels[0];
    const overview = this.overview(perColumn_s);
    const level = overview ?? finest;
    const rough = level ? [this.pyramidSeries(level, channel)] : [];
    const tiled = overview ? null : this.tileSeries(channel, perColumn_s);
    return tiled ? [tiled, ...rough] : rough;
  }

  private pyramidSeries(level: Pyramid["levels"][number], channel: number): Series {
    const low = level.min[channel] ?? [];
    const high = level.max[channel] ?? [];
    const run = { low, high, scale: 1, offset: 0 };
    const length = Math.max(1, low.length);
    return { step_s: level.bucket_s, length: low.length, runLength: length, runAt: () => run };
  }

  private tileSeries(channel: number, perColumn_s: number): Series | null {
    const { store } = this;
    const one = store?.layout.header.channels[channel];
    if (!store || !one) return null;
    const { coarse, channels } = store.layout.header;
    const fastest_hz = Math.max(...channels.map(({ rate_hz }) => rate_hz));
    const level = perColumn_s * fastest_hz >= coarse ? "coarse" : "raw";
    return {
      ...steps(one, level === "coarse" ? coarse : 1),
      runAt: remembering((number) => {
        const tile = store.get(level, number);
        const low = tile?.low[channel];
        const high = tile?.high[channel];
        return low && high ? { low, high, scale: one.scale, offset: one.offset } : null;
      }),
    };
  }

  private changedSeries(
    lane: Lane,
    index: number,
    perColumn_s: number,
    deadline: number,
    late: { late: boolean },
  ): Series | null {
    const one = this.store?.layout.header.channels[lane.channel];
    const coarse = this.store?.layout.header.coarse ?? 1;
    if (!one) return null;
    const inBuckets = perColumn_s * one.rate_hz >= coarse;
    return {
      ...steps(one, inBuckets ? coarse : 1),
      runAt: remembering((tile) => {
        const piece = this.piece(lane, index, tile, deadline, late);
        if (!piece) return null;
        const low = inBuckets ? piece.low : piece.values;
        return { low, high: inBuckets ? piece.high : piece.values, scale: 1, offset: 0 };
      }),
    };
  }

  private piece(
    lane: Lane,
    index: number,
    tile: number,
    deadline: number,
    late: { late: boolean },
  ): Piece | null {
    const key = `${index} ${tile}`;
    const kept = this.pieces.get(key);
    if (kept) return kept;
    if (late.late || performance.now() > deadline) {
      late.late = true;
      return null;
    }
    const values = this.filtered(lane, tile);
    if (!values) return null;
    const piece = { values, ...extremes(values, this.store?.layout.header.coarse ?? 1) };
    if (this.keptSamples > KEPT_SAMPLES) {
      this.pieces.clear();
      this.means.clear();
      this.keptSamples = 0;
    }
    this.pieces.set(key, piece);
    this.keptSamples += values.length;
    return piece;
  }

  /** A filter sees the tiles beside, where there are some, so that no seam shows. */
  private filtered(lane: Lane, tile: number): Float32Array | null {
    const header = this.store?.layout.header;
    const one = header?.channels[lane.channel];
    const own = this.derived(lane, tile);
    if (!header || !one || !own) return null;
    const sections = sectionsOf(this.filters, one.rate_hz);
    if (sections.length === 0) return own;
    const before = tile > 0 ? this.derived(lane, tile - 1) : new Float32Array(0);
    const after = tile + 1 < header.n_tiles ? this.derived(lane, tile + 1) : new Float32Array(0);
    if (!before || !after) return null;
    const all = new Float32Array(before.length + own.length + after.length);
    all.set(before);
    all.set(own, before.length);
    all.set(after, before.length + own.length);
    filterBothWays(all, sections);
    return all.slice(before.length, before.length + own.length);
  }

  private derived(lane: Lane, tile: number): Float32Array | null {
    const own = this.physical(lane.channel, tile);
    if (!own || lane.minus.length === 0) return own;
    const mean =
      lane.minus.length === 1 ? this.physical(lane.minus[0] ?? 0, tile) : this.mean(lane.minus, tile);
    if (!mean) return null;
    for (let i = 0; i < own.length; i++) own[i] = (own[i] as number) - (mean[i] as number);
    return own;
  }

  /** A montage has one set of several channels at most: the average reference. */
  private mean(channels: readonly number[], tile: number): Float32Array | null {
    const kept = this.means.get(tile);
    if (kept) return kept;
    let sum: Float32Array | null = null;
    for (const channel of channels) {
      const values = this.physical(channel, tile);
      if (!values) return null;
      sum ??= new Float32Array(values.length);
      for (let i = 0; i < values.length; i++)
        sum[i] = (sum[i] as number) + (values[i] as number) / channels.length;
    }
    if (sum) this.means.set(tile, sum);
    return sum;
  }

  private physical(channel: number, tile: number): Float32Array | null {
    const one = this.store?.layout.header.channels[channel];
    const digital = this.store?.get("raw", tile)?.low[channel];
    if (!one || !digital) return null;
    const values = new Float32Array(digital.length);
    for (let i = 0; i < values.length; i++) values[i] = (digital[i] as number) * one.scale + one.offset;
    return values;
  }
}

function steps(one: TileChannel, coarse: number): Pick<Series, "step_s" | "length" | "runLength"> {
  const runLength = coarse === 1 ? one.samples_per_tile : bucketsPerTile(one, coarse);
  // A tile's last bucket may hold fewer samples; spread evenly, no bucket is off by more than its own width.
  const step_s = one.samples_per_tile / one.rate_hz / runLength;
  return { step_s, length: Math.ceil(one.n_samples / one.rate_hz / step_s - 1e-9), runLength };
}

/** Neighbouring columns mostly ask for the same run. */
function remembering(runAt: Series["runAt"]): Series["runAt"] {
  let last = Number.NaN;
  let found: ReturnType<Series["runAt"]> = null;
  return (run) => {
    if (run !== last) {
      last = run;
      found = runAt(run);
    }
    return found;
  };
}
