import {
  byteRange,
  decodeTile,
  headerEnd,
  type Layout,
  type Level,
  nextRun,
  readLayout,
  type Tile,
  tileBytes,
} from "./tiles";

const HEAD_BYTES = 65_536;
const PARALLEL = 2;
const RUN_BYTES = 1_500_000;
const KEPT_BYTES = 96_000_000;
const RETRY_MS = 3000;

async function fetchRange(url: string, from: number, to: number, signal: AbortSignal): Promise<ArrayBuffer> {
  const response = await fetch(url, { headers: { Range: `bytes=${from}-${to}` }, signal });
  if (response.status !== 206) {
    await response.body?.cancel();
    throw new Error(`The server answered ${response.status} to a request for a part of a file.`);
  }
  return response.arrayBuffer();
}

export async function fetchLayout(url: string, signal: AbortSignal): Promise<Layout> {
  let head = await fetchRange(url, 0, HEAD_BYTES - 1, signal);
  if (headerEnd(head) > head.byteLength) head = await fetchRange(url, 0, headerEnd(head) - 1, signal);
  return readLayout(head);
}

/** Fetches the tiles that are wanted now, and keeps those that were used last. */
export class TileStore {
  private readonly kept = new Map<string, Tile>();
  private readonly coming = new Set<string>();
  private readonly stop = new AbortController();
  private wanted: { level: Level; tiles: readonly number[] } = { level: "raw", tiles: [] };
  private bytes = 0;
  private running = 0;

  constructor(
    private readonly url: string,
    readonly layout: Layout,
    private readonly onTile: () => void,
  ) {}

  get(level: Level, tile: number): Tile | undefined {
    return this.kept.get(`${level} ${tile}`);
  }

  /** The first tile is fetched first. What was wanted before and is not on its way yet is not fetched. */
  want(level: Level, tiles: readonly number[]): void {
    this.wanted = { level, tiles };
    for (const tile of tiles) this.touch(`${level} ${tile}`);
    this.pump();
  }

  dispose(): void {
    this.stop.abort();
    this.wanted = { level: "raw", tiles: [] };
  }

  private touch(key: string): void {
    const tile = this.kept.get(key);
    if (!tile) return;
    this.kept.delete(key);
    this.kept.set(key, tile);
  }

  private pump(): void {
    while (this.running < PARALLEL && !this.stop.signal.aborted) {
      const { level, tiles } = this.wanted;
      const longest = Math.max(1, Math.floor(RUN_BYTES / tileBytes(this.layout.header, level)));
      const has = (tile: number) => this.kept.has(`${level} ${tile}`) || this.coming.has(`${level} ${tile}`);
      const run = nextRun(tiles, has, longest);
      if (!run) return;
      void this.fetch(level, ...run);
    }
  }

  private async fetch(level: Level, first: number, last: number): Promise<void> {
    const keys = Array.from({ length: last - first + 1 }, (_, i) => `${level} ${first + i}`);
    for (const key of keys) this.coming.add(key);
    this.running += 1;
    try {
      const [from, to] = byteRange(this.layout, level, first, last);
      const fetched = await fetchRange(this.url, from, to, this.stop.signal);
      const size = tileBytes(this.layout.header, level);
      keys.forEach((key, i) => {
        this.keep(key, decodeTile(this.layout.header, level, fetched, i * size));
      });
      this.onTile();
    } catch {
      // The overview stays on the screen meanwhile; what is still wanted then is asked for again.
      if (!this.stop.signal.aborted) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    } finally {
      this.running -= 1;
      for (const key of keys) this.coming.delete(key);
      this.pump();
    }
  }

  private keep(key: string, tile: Tile): void {
    this.kept.set(key, tile);
    this.bytes += tile.bytes;
    const wanted = new Set(this.wanted.tiles.map((one) => `${this.wanted.level} ${one}`));
    for (const [old, { bytes }] of this.kept) {
      if (this.bytes <= KEPT_BYTES) return;
      if (wanted.has(old)) continue;
      this.kept.delete(old);
      this.bytes -= bytes;
    }
  }
}
