import { useEffect, useRef, useState } from "react";
import type { Item } from "../../api/types";
import { Scope } from "../../base/scope";
import type { Medium } from "../../desk/medium";
import { t, tn } from "../../words/words";
import { followPlaying, leftToPlay, type PlayedStretch, PlayLog, type Rule } from "./playlog";
import "./mustplay.css";

/** As the server has them: kinds of items that raters play themselves. */
const PLAYED_KINDS = new Set(["video", "audio", "sequence", "trial", "dialogue"]);
/** The medium of the item itself, which is no part of it. */
const OWN = "";
const LOOK_MS = 250;

export interface MustPlayProps {
  rule: Rule;
  item: Item;
  media: Medium | null;
  parts: ReadonlyMap<string, Medium>;
  /** What earlier pages played. */
  before: readonly PlayedStretch[];
  /** How often the rater tried to send her answers too early. */
  early: number;
  onPlayed(stretches: PlayedStretch[], done: boolean): void;
}

/** How long each medium of the item lasts, by part. */
function lengthsOf(item: Item): Map<string, number> {
  const shown = [[OWN, item] as const, ...item.parts.map((part) => [part.name, part.item] as const)];
  const played = shown.filter(([, { kind, duration_s }]) => PLAYED_KINDS.has(kind) && duration_s);
  return new Map(played.map(([part, { duration_s }]) => [part, duration_s ?? 0]));
}

/** 0 only where nothing is left. */
const wholeS = (left: number): number => (left > 0 ? Math.max(1, Math.round(left)) : 0);

function askedIn({ times = 1, seconds }: Rule): string {
  if (seconds !== undefined)
    return t("Please play at least {seconds} s of it before you send your answers.", { seconds });
  return tn(
    times,
    "Please play it to the end before you send your answers.",
    "Please play it to the end {n} times before you send your answers.",
  );
}

/** Says how long the item has to be played yet, and keeps what was played. */
export function MustPlay({ rule, item, media, parts, before, early, onPlayed }: MustPlayProps) {
  const section = useRef<HTMLElement>(null);
  const [logs] = useState(() => {
    const own = (part: string) => new PlayLog(before.filter((one) => one.part === part));
    return new Map([...lengthsOf(item)].map(([part, lastsS]) => [part, { lastsS, log: own(part) }]));
  });
  const leftNow = () =>
    [...logs.values()].reduce((sum, { log, lastsS }) => sum + leftToPlay(rule, log.stretches, lastsS), 0);
  const [left, setLeft] = useState(leftNow);
  const wanted = [...logs.values()].reduce((sum, { lastsS }) => sum + leftToPlay(rule, [], lastsS), 0);
  const done = left === 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the logs stay the same, and `onPlayed` may be another function each time.
  useEffect(() => {
    const scope = new Scope();
    const report = () => {
      const stretches = [...logs].flatMap(([part, { log }]) =>
        log.stretches.map((one) => ({ part, ...one })),
      );
      onPlayed(stretches, leftNow() === 0);
    };
    for (const [part, { log }] of logs) {
      const medium = part === OWN ? media : parts.get(part);
      if (!medium) continue;
      followPlaying(medium, log, scope);
      for (const type of ["pause", "ended"]) scope.listen(medium, type, report);
    }
    let told = Number.NaN;
    const look = () => {
      const now = leftNow();
      setLeft(now);
      if (wholeS(now) !== told) report();
      told = wholeS(now);
    };
    scope.every(LOOK_MS, look);
    look();
    return () => scope.dispose();
  }, [media, parts]);

  useEffect(() => {
    if (early > 0) section.current?.scrollIntoView({ block: "center" });
  }, [early]);

  if (logs.size === 0) return null;
  return (
    <section className="must-play" data-done={done} ref={section}>
      <p role="status">{done ? t("Played. You can send your answers now.") : askedIn(rule)}</p>
      {done ? null : (
        <div className="left">
          <progress max={wanted} value={wanted - left} aria-label={t("How much of it has been played")} />
          <span className="hint">{tn(wholeS(left), "{n} second left", "{n} seconds left")}</span>
        </div>
      )}
      <p className="complaint" role="alert">
        {early > 0 && !done ? t("It has not been played long enough yet.") : null}
      </p>
    </section>
  );
}
