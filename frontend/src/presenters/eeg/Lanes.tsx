import {
  type CSSProperties,
  type KeyboardEvent,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import type { Item } from "../../api/types";
import { Store } from "../../base/store";
import { t } from "../../words/words";
import type { PresenterProps } from "../define";
import { EegTools } from "./EegTools";
import { type Extent, firstLook, inSight, type Look, type Move, moved, underHead } from "./look";
import { type MontageName, montages } from "./montage";
import { attachPointer } from "./pointer";
import { unitScales } from "./pyramid";
import { EegScreen } from "./screen";
import { TileStore } from "./tilestore";
import type { Recording } from "./useRecording";
import { type Found, Waves } from "./waves";
import { SeenWays } from "./ways";
import "./eeg.css";

const SETTLED_MS = 250;
const LANE_PX = 18;

const KEY_MOVES: Readonly<Record<string, Move>> = {
  ArrowLeft: "earlier",
  ArrowRight: "later",
  ArrowUp: "up",
  ArrowDown: "down",
  "+": "shorter",
  "=": "shorter",
  "-": "longer",
  "[": "smaller",
  "]": "larger",
  Home: "first",
  End: "last",
};
const SHIFTED: Readonly<Record<string, Move>> = { ArrowLeft: "cursorBack", ArrowRight: "cursorOn" };

/** Whoever moves the recording draws it with this. */
export interface Replay {
  /** Brings a second under the play head and draws it at once; false: it is there already. */
  show(at_s: number): boolean;
}

/** What moves a recording, where something does. */
export interface Pace {
  /** It stays under the head; else it can be looked through while nothing moves it. */
  bound: boolean;
  onReplay(replay: Replay | null): void;
  /** The rater points at a second of the recording. Must not change between renderings. */
  onPlace(at_s: number): void;
}

interface LanesProps {
  item: Pick<Item, "media" | "onset_s" | "duration_s">;
  recording: Recording;
  pace: Pace | null;
  onView: PresenterProps["onView"];
}

/** What was chosen and seen, once the rater has stopped moving. */
function useReport(
  look: Store<Look>,
  found: Store<Found>,
  extent: Extent,
  moved: boolean,
  onView: PresenterProps["onView"],
): void {
  // Over all montages: another one makes this effect begin again.
  const [ways] = useState(() => new SeenWays());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const see = () => ways.see(look.get(), extent);
    const report = () => {
      const { filters, from_s, length_s, lane, lanes, ...chosen } = look.get();
      see();
      onView({
        ...chosen,
        ...filters,
        changed_shown: !found.get().asRecorded,
        range_s: inSight(look.get(), extent),
        lanes: [lane, Math.min(extent.lanes, lane + lanes) - 1],
        seen_s: ways.seen_s,
        ways: ways.told,
      });
    };
    const later = () => {
      // What runs by is seen; what is passed by on the way to another place is not.
      if (moved) see();
      clearTimeout(timer);
      timer = setTimeout(report, SETTLED_MS);
    };
    report();
    const ends = [look.subscribe(later), found.subscribe(later)];
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [look, found, extent, moved, ways, onView]);
}

/** The lanes of a recording with their tools; moved by the rater, or by whatever paces it. */
export function Lanes({ item, recording, pace, onView }: LanesProps) {
  const { pyramid, layout } = recording;
  const onset_s = item.onset_s ?? 0;
  const duration_s = item.duration_s ?? pyramid.duration_s - onset_s;
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawing = useRef<EegScreen | null>(null);
  const byName = useMemo(() => {
    const all = montages(pyramid.channels);
    // Without the samples there is nothing to subtract: minima of a difference are no difference of minima.
    return layout ? all : new Map<MontageName, NonNullable<ReturnType<typeof all.get>>>([...all].slice(0, 1));
  }, [pyramid, layout]);
  const [look] = useState(() => new Store<Look>(firstLook({ duration_s, lanes: pyramid.channels.length })));
  const [found] = useState(() => new Store<Found>({ waiting: false, asRecorded: false }));
  const montage = useSyncExternalStore(look.subscribe, () => look.get().montage);
  const extent = useMemo<Extent>(
    () => ({
      onset_s,
      duration_s,
      lanes: byName.get(montage)?.length ?? 1,
      sample_s: 1 / Math.max(...pyramid.channels.map(({ rate_hz }) => rate_hz)),
    }),
    [pyramid, onset_s, duration_s, byName, montage],
  );
  useReport(look, found, extent, pace !== null, onView);

  const tilesUrl = item.media.tiles?.url;
  useEffect(() => {
    const node = canvas.current;
    if (!node) return;
    const store: TileStore | null =
      layout && tilesUrl ? new TileStore(tilesUrl, layout, () => screen.invalidate()) : null;
    const waves = new Waves(pyramid, store, look.get().filters);
    const scene = { waves, montages: byName, scales: unitScales(pyramid), onset_s, duration_s };
    const screen = new EegScreen(node, scene, look, (now) => {
      const { waiting, asRecorded } = found.get();
      if (now.waiting !== waiting || now.asRecorded !== asRecorded) found.set(now);
    });
    drawing.current = screen;
    return () => {
      drawing.current = null;
      screen.dispose();
      store?.dispose();
    };
  }, [pyramid, layout, tilesUrl, onset_s, duration_s, byName, look, found]);

  const onReplay = pace?.onReplay;
  useEffect(() => {
    if (!onReplay) return;
    let last: number | null = null;
    onReplay({
      show(at_s) {
        const old = look.get();
        const next = underHead(old, at_s);
        const there = pace?.bound
          ? next.from_s === old.from_s && next.cursor_s === old.cursor_s
          : at_s === last;
        last = at_s;
        if (!there) look.set(next);
        drawing.current?.flush();
        return !there;
      },
    });
    return () => onReplay(null);
  }, [look, onReplay, pace?.bound]);

  const onPlace = pace?.onPlace;
  const bound = pace?.bound ?? false;
  useEffect(() => {
    const place = onPlace ?? ((cursor_s: number) => look.patch({ cursor_s }));
    return canvas.current ? attachPointer(canvas.current, look, extent, place) : undefined;
  }, [look, extent, onPlace]);

  const move = (wanted: Move) => look.set(moved(look.get(), wanted, extent));
  const onKey = (event: KeyboardEvent) => {
    const wanted = (event.shiftKey && SHIFTED[event.key]) || KEY_MOVES[event.key];
    const chosen_s = event.key === "Enter" && onPlace ? look.get().cursor_s : null;
    // While it is replayed the keys belong to the trace.
    if (bound || !(wanted || chosen_s !== null) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (wanted) move(wanted);
    else if (chosen_s !== null) onPlace?.(chosen_s);
  };
  return (
    <div className="eeg">
      <div
        className="eeg-screen"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the recording is panned and zoomed with the keys.
        tabIndex={0}
        aria-label={t("The recording")}
        aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown + - [ ] Home End Shift+ArrowLeft Shift+ArrowRight"
        onKeyDown={onKey}
      >
        <canvas
          ref={canvas}
          style={{ "--lanes-height": `${pyramid.channels.length * 2 * LANE_PX}px` } as CSSProperties}
          aria-hidden="true"
        />
      </div>
      <EegTools
        look={look}
        found={found}
        extent={extent}
        montages={byName}
        scales={useMemo(() => unitScales(pyramid), [pyramid])}
        filters={layout !== null}
        bound={bound}
        onMove={move}
      />
    </div>
  );
}
