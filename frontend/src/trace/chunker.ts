import { sha256Hex } from "../base/sha256";
import type { ClockFit } from "./clock";
import type { Screen } from "./recorder";

export const CHUNK_LIMIT_BYTES = 16 * 1024;

/** What all events of one page view have in common. */
export interface PageHead {
  page: string;
  origin_ms: number;
  clock: ClockFit | null;
  screen: Screen | null;
}

export interface Chunk {
  sha256: string;
  body: string;
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

function compose(head: PageHead, events: readonly string[]): string {
  const page = `"page":${JSON.stringify(head.page)},"origin_ms":${JSON.stringify(head.origin_ms)}`;
  // What an earlier version of this page kept on the device has no screen.
  const facts = `"clock":${JSON.stringify(head.clock)},"screen":${JSON.stringify(head.screen ?? null)}`;
  return `{${page},"events":[${events.join(",")}],${facts}}`;
}

/** Packs events, in order, into the fewest bodies of at most `limit` bytes, and hashes each. */
export function cutChunks(head: PageHead, events: readonly string[], limit = CHUNK_LIMIT_BYTES): Chunk[] {
  const room = limit - bytesOf(compose(head, []));
  const chunks: Chunk[] = [];
  let from = 0;
  let used = 0;
  const close = (to: number) => {
    if (to === from) return;
    const body = compose(head, events.slice(from, to));
    chunks.push({ sha256: sha256Hex(body), body });
    from = to;
    used = 0;
  };
  events.forEach((event, index) => {
    const size = bytesOf(event) + 1;
    if (used + size > room) close(index);
    used += size;
  });
  close(events.length);
  return chunks;
}
