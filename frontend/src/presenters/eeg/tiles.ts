/** Where the parts of a recording's tiles lie, as `ingest/readers/eeg_tiles.py` writes them. */

export interface TileChannel {
  label: string;
  unit: string;
  rate_hz: number;
  n_samples: number;
  samples_per_tile: number;
  scale: number;
  offset: number;
}

export interface TileHeader {
  encoding: "int16" | "int32";
  tile_s: number;
  n_tiles: number;
  /** Samples per bucket of the coarse tiles. */
  coarse: number;
  channels: TileChannel[];
}

/** `raw`: every sample. `coarse`: the lowest and the highest value of each `coarse` samples. */
export type Level = "raw" | "coarse";

type Digital = Int16Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** Digital values per channel; of a raw tile both are the same. */
export interface Tile {
  low: Digital[];
  high: Digital[];
  bytes: number;
}

export interface Layout {
  header: TileHeader;
  /** Where the tiles begin in the file. */
  begin: number;
}

const LENGTH_BYTES = 4;

export const valueBytes = (header: TileHeader): number => (header.encoding === "int16" ? 2 : 4);

export const bucketsPerTile = (channel: TileChannel, coarse: number): number =>
  Math.ceil(channel.samples_per_tile / coarse);

export function tileBytes(header: TileHeader, level: Level): number {
  const values = header.channels.reduce(
    (sum, one) => sum + (level === "raw" ? one.samples_per_tile : 2 * bucketsPerTile(one, header.coarse)),
    0,
  );
  return values * valueBytes(header);
}

/** How many bytes from the file's beginning hold the header. */
export const headerEnd = (head: ArrayBuffer): number => LENGTH_BYTES + new DataView(head).getUint32(0, true);

export function readLayout(head: ArrayBuffer): Layout {
  const begin = headerEnd(head);
  const text = new TextDecoder().decode(new Uint8Array(head, LENGTH_BYTES, begin - LENGTH_BYTES));
  return { header: JSON.parse(text) as TileHeader, begin };
}

/** First and last byte of some tiles in a row, both included, as HTTP counts. */
export function byteRange(
  { header, begin }: Layout,
  level: Level,
  first: number,
  last: number,
): [number, number] {
  const start = level === "raw" ? begin : begin + header.n_tiles * tileBytes(header, "raw");
  const size = tileBytes(header, level);
  return [start + first * size, start + (last + 1) * size - 1];
}

/** The tile that begins at `at` in fetched bytes. */
export function decodeTile(header: TileHeader, level: Level, fetched: ArrayBuffer, at: number): Tile {
  let place = at;
  const take = (length: number): Digital => {
    const Values = header.encoding === "int16" ? Int16Array : Int32Array;
    // Copied, so that a tile does not keep alive the others that came with it.
    const values = new Values(fetched, place, length).slice();
    place += values.byteLength;
    return values;
  };
  const low: Digital[] = [];
  const high: Digital[] = [];
  for (const channel of header.channels) {
    const length = level === "raw" ? channel.samples_per_tile : bucketsPerTile(channel, header.coarse);
    const first = take(length);
    low.push(first);
    high.push(level === "raw" ? first : take(length));
  }
  return { low, high, bytes: place - at };
}

/** Tiles that a stretch of time touches. */
export function tilesOf(header: TileHeader, from_s: number, until_s: number): [first: number, last: number] {
  const last = header.n_tiles - 1;
  const first = Math.min(last, Math.max(0, Math.floor(from_s / header.tile_s)));
  return [first, Math.max(first, Math.min(last, Math.ceil(until_s / header.tile_s) - 1))];
}

/** Tiles in a row that are not there yet, at most `longest` of them; null: all are there. */
export function nextRun(
  wanted: readonly number[],
  has: (tile: number) => boolean,
  longest: number,
): [first: number, last: number] | null {
  const first = wanted.find((tile) => !has(tile));
  if (first === undefined) return null;
  let last = first;
  while (last - first + 1 < longest && wanted.includes(last + 1) && !has(last + 1)) last += 1;
  return [first, last];
}
