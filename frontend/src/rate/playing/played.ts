import type { JsonObject, JsonValue } from "../../api/types";
import { Scope } from "../../base/scope";
import type { Medium } from "../../desk/medium";
import { isObject } from "../../questions/options";

export type Parts = ReadonlyMap<string, Medium>;

/** Of one medium what was played; of several, by the names of the parts that they are. */
export function playedNow(media: Medium | null, parts: Parts): JsonObject {
  if (media) return playedOf(media);
  const played = [...parts].map(([part, own]) => [part, playedOf(own)] as const);
  return played.length > 0 ? { parts: Object.fromEntries(played) } : {};
}

/** Which stretches of a freely played medium were played, for the record. */
function playedOf(media: Medium): JsonObject {
  const ranges = Array.from({ length: media.played.length }, (_, i) => [
    media.played.start(i),
    media.played.end(i),
  ]);
  return {
    ranges_s: ranges,
    duration_s: Number.isFinite(media.duration) ? media.duration : null,
    muted: media.muted,
  };
}

/** Speaks whenever a medium halts or the page is left: what a player knows is gone with its page. */
export function hearHalts(media: Medium | null, parts: Parts, onHalt: () => void): Scope {
  const scope = new Scope();
  for (const one of media ? [media] : parts.values()) scope.listen(one, "pause", onHalt);
  scope.listen(document, "visibilitychange", () => document.hidden && onHalt());
  return scope;
}

const rangesOf = (played: JsonObject): JsonValue[] => (Array.isArray(played.ranges_s) ? played.ranges_s : []);
const objectOf = (value: JsonValue | undefined): JsonObject => (isObject(value) ? value : {});

/** What a page says of its playing, behind what pages before it said: their ranges come first, those of a part to that part. */
export function playedAfter(before: JsonObject, now: JsonObject): JsonObject {
  const told = { ...now };
  if ("ranges_s" in now) told.ranges_s = [...rangesOf(before), ...rangesOf(now)];
  if (isObject(now.parts)) {
    const earlier = objectOf(before.parts);
    const each = Object.entries(now.parts).map(([part, own]) => [
      part,
      playedAfter(objectOf(earlier[part]), objectOf(own)),
    ]);
    told.parts = Object.fromEntries(each);
  }
  return told;
}
