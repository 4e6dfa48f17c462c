import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Store, useStore } from "../../base/store";
import { t } from "../../words/words";
import type { PresenterProps } from "../define";
import { Missing } from "../parts/Missing";
import { useJson } from "../parts/useJson";
import { useTimedMedium } from "../parts/useTimedMedium";
import { EegTools } from "./EegTools";
import { type Extent, firstLook, type Look, type Move, moved, withStretch } from "./look";
import { type MontageName, montages } from "./montage";
import { attachPointer } from "./pointer";
import { type Pyramid, pan, unitScales } from "./pyramid";
import { EegScreen } from "./screen";
import type { Layout } from "./tiles";
import { fetchLayout, TileStore } from "./tilestore";
import { type Found, Waves } from "./waves";
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

/** undefined: not known yet; null: there are none, or they cannot be had. */
function useLayout(url: string | undefined): Layout | null | undefined {
  const [layout, setLayout] = useState<Layout | null | undefined>(url ? undefined : null);
  useEffect(() => {
    if (!url) return;
    const stop = new AbortController();
    fetchLayout(url, stop.signal)
      .then(setLayout)
      .catch(() => {
        if (!stop.signal.aborted) setLayout(null);
      });
    return () => stop.abort();
  }, [url]);
  return layout;
}

interface ViewerProps extends PresenterProps {
  pyramid: Pyramid;
  layout: Layout | null;
}

/** What was chosen and seen, once the rater has stopped moving. */
function useReport(
  look: Store<Look>,
  found: Store<Found>,
  extent: Extent,
  onView: PresenterProps["onView"],
): void {
  // Over all montages: another one makes this effect begin again.
  const seen = useRef<[number, number][]>([]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const report = () => {
      const { filters, from_s, length_s, lane, lanes, ...chosen } = look.get();
      seen.current = withStretch(seen.current, [from_s, from_s + length_s]);
      onView({
        ...chosen,
        ...filters,
        changed_shown: !found.get().asRecorded,
        range_s: [from_s, from_s + length_s],
        lanes: [lane, Math.min(extent.lanes, lane + lanes) - 1],
        seen_s: seen.current,
      });
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(report, SETTLED_MS);
    };
    report();
    const ends = [look.subscribe(later), found.subscribe(later)];
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [look, found, extent, onView]);
}

function Viewer({ item, driven, onMedia, onView, pyramid, layout }: ViewerProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const byName = useMemo(() => {
    const all = montages(pyramid.channels);
    // Without the samples there is nothing to subtract: minima of a difference are no difference of minima.
    return layout ? all : new Map<MontageName, NonNullable<ReturnType<typeof all.get>>>([...all].slice(0, 1));
  }, [pyramid, layout]);
  const [look] = useState(
    () =>
      new Store<Look>(
        firstLook({ duration_s: pyramid.duration_s, lanes: pyramid.channels.length, sample_s: 1 }),
      ),
  );
  const [found] = useState(() => new Store<Found>({ waiting: false, asRecorded: false }));
  const { montage } = useStore(look);
  const extent = useMemo<Extent>(
    () => ({
      duration_s: pyramid.duration_s,
      lanes: byName.get(montage)?.length ?? 1,
      sample_s: 1 / Math.max(...pyramid.channels.map(({ rate_hz }) => rate_hz)),
    }),
    [pyramid, byName, montage],
  );
  useReport(look, found, extent, onView);

  const tilesUrl = item.media.tiles?.url;
  useEffect(() => {
    const node = canvas.current;
    if (!node) return;
    const store: TileStore | null =
      layout && tilesUrl ? new TileStore(tilesUrl, layout, () => screen.invalidate()) : null;
    const waves = new Waves(pyramid, store, look.get().filters);
    const scene = { waves, montages: byName, scales: unitScales(pyramid) };
    const screen = new EegScreen(node, scene, look, (now) => {
      const { waiting, asRecorded } = found.get();
      if (now.waiting !== waiting || now.asRecorded !== asRecorded) found.set(now);
    });
    return () => {
      screen.dispose();
      store?.dispose();
    };
  }, [pyramid, layout, tilesUrl, byName, look, found]);

  useEffect(() => (canvas.current ? attachPointer(canvas.current, look, extent) : undefined), [look, extent]);

  const replay = useCallback(
    (part: number) => {
      const old = look.get();
      const at = part * pyramid.duration_s;
      if (old.cursor_s === at || (part === 0 && old.cursor_s === null)) return;
      const out = at < old.from_s || at >= old.from_s + old.length_s;
      const span = out ? pan(old, (at - old.from_s) / old.length_s, pyramid.duration_s) : {};
      look.set({ ...old, ...span, cursor_s: at });
    },
    [look, pyramid],
  );
  useTimedMedium(driven ? item.duration_s : null, onMedia, replay);

  const move = (wanted: Move) => look.set(moved(look.get(), wanted, extent));
  const onKey = (event: KeyboardEvent) => {
    const wanted = (event.shiftKey && SHIFTED[event.key]) || KEY_MOVES[event.key];
    // While it is replayed the keys belong to the trace.
    if (driven || !wanted || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    move(wanted);
  };
  return (
    <div className="eeg">
      <div
        className="eeg-screen"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the recording is panned and zoomed with the keys.
        tabIndex={0}
        aria-label={t("Recording")}
        aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown + - [ ] Home End Shift+ArrowLeft Shift+ArrowRight"
        onKeyDown={onKey}
      >
        <canvas
          ref={canvas}
          style={{ height: `max(16rem, min(62dvh, ${pyramid.channels.length * 2 * LANE_PX}px))` }}
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
        onMove={move}
      />
    </div>
  );
}

export function EegView(props: PresenterProps) {
  const { pyramid: overview, tiles } = props.item.media;
  const pyramid = useJson<Pyramid>(overview?.url);
  const layout = useLayout(tiles?.url);
  if (pyramid.state === "failed") return <Missing what={t("The recording")} />;
  if (pyramid.state === "loading" || layout === undefined) {
    return <p className="calm">{t("Loading the recording …")}</p>;
  }
  return <Viewer {...props} pyramid={pyramid.value} layout={layout} />;
}
