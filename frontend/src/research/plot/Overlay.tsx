import {
  type KeyboardEvent,
  type PointerEvent,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { type Surface, useCanvas } from "../../presenters/parts/useCanvas";
import { clock, figure } from "../data/format";
import type { Dimension, Overlay as OverlayData } from "../data/shapes";
import { Simulated } from "../parts/Badge";
import { drawPlot, goldColour, LEFT_PX, type Plot, RIGHT_PX } from "./draw";
import { goldFirst, goldName } from "./gold";
import { place } from "./scale";
import { indexAt } from "./series";

const PALETTES: Record<string, readonly string[]> = {
  valence: ["--valence-low", "--valence-mid", "--valence-high"],
  arousal: ["--arousal-low", "--arousal-mid", "--arousal-high"],
};
const PLAIN = ["--line", "--line-strong"];

function DimensionPlot({ dimension, plot }: { dimension: Dimension; plot: Plot }) {
  const draw = useCallback((surface: Surface) => drawPlot(surface, plot), [plot]);
  return (
    <figure className="plot">
      <figcaption>
        <strong>{dimension.name}</strong>{" "}
        <span className="soft">
          {figure(dimension.min, 0)} {dimension.low_label} to {figure(dimension.max, 0)}{" "}
          {dimension.high_label}
        </span>
      </figcaption>
      <canvas
        ref={useCanvas(draw)}
        className={plot.labelled ? "plot-canvas labelled" : "plot-canvas"}
        aria-hidden="true"
      />
    </figure>
  );
}

interface LegendProps {
  data: OverlayData;
  hidden: ReadonlySet<string>;
  onToggle: (key: string) => void;
  onToggleRaters: () => void;
  onHighlight: (rater: string | null) => void;
}

function Legend({ data, hidden, onToggle, onToggleRaters, onHighlight }: LegendProps) {
  const allHidden = data.raters.every(({ rater }) => hidden.has(rater));
  return (
    <fieldset className="legend">
      <legend className="visually-hidden">What the plots show</legend>
      {goldFirst(data.gold).map((one) => (
        <button
          key={one.method}
          type="button"
          className="chip"
          aria-pressed={!hidden.has(one.method)}
          onClick={() => onToggle(one.method)}
        >
          <span className="key thick" style={{ borderColor: `var(${goldColour(one.method)})` }} />
          {goldName(one)}
        </button>
      ))}
      <button type="button" className="chip" aria-pressed={!hidden.has("sd")} onClick={() => onToggle("sd")}>
        <span className="key band" />± sd
      </button>
      <button type="button" className="chip" aria-pressed={!allHidden} onClick={onToggleRaters}>
        All raters ({data.raters.length})
      </button>
      {data.raters.map(({ rater, simulated }) => (
        <button
          key={rater}
          type="button"
          className="chip"
          aria-pressed={!hidden.has(rater)}
          onClick={() => onToggle(rater)}
          onMouseEnter={() => onHighlight(rater)}
          onMouseLeave={() => onHighlight(null)}
          onFocus={() => onHighlight(rater)}
          onBlur={() => onHighlight(null)}
        >
          <span className={simulated ? "key dashed" : "key"} />
          {rater}
          {simulated ? <span className="visually-hidden"> (simulated)</span> : null}
        </button>
      ))}
      {data.raters.some(({ simulated }) => simulated) ? (
        <span className="legend-note">
          dashed: <Simulated />
        </span>
      ) : null}
    </fieldset>
  );
}

function plotsOf(data: OverlayData, hidden: ReadonlySet<string>, highlighted: string | null): Plot[] {
  const lengths = [...data.raters, ...data.gold].map(({ values }) => values[0]?.length ?? 0);
  const samples = Math.max(2, ...lengths);
  const gold = goldFirst(data.gold).filter(({ method }) => !hidden.has(method));
  return data.dimensions.map((dimension, i) => ({
    low: dimension.min,
    high: dimension.max,
    samples,
    rate_hz: data.rate_hz,
    t0_s: data.t0_s,
    palette: PALETTES[dimension.key] ?? PLAIN,
    labelled: i === data.dimensions.length - 1,
    lines: data.raters
      .filter(({ rater }) => !hidden.has(rater))
      .map(({ rater, simulated, values }) => ({
        values: values[i] ?? [],
        dashed: simulated,
        highlighted: rater === highlighted,
      })),
    // Two bands over each other would be read as one.
    gold: gold.map(({ method, values, sd }, order) => ({
      method,
      values: values[i] ?? [],
      sd: hidden.has("sd") || order > 0 ? null : (sd[i] ?? []),
    })),
  }));
}

/** The gold at a moment, and what the highlighted rater said then. */
function readout(data: OverlayData, t_s: number, highlighted: string | null): string {
  const index = indexAt(t_s, data.t0_s, data.rate_hz, data.gold[0]?.n.length ?? 0);
  if (index === null) return "";
  const told = data.dimensions.map(({ name }, i) => {
    const methods = goldFirst(data.gold).map(
      (one) => `${goldName(one)} ${figure(one.values[i]?.[index])} ± ${figure(one.sd[i]?.[index])}`,
    );
    const one = data.raters
      .filter(({ rater }) => rater === highlighted)
      .map(({ rater, values }) => `${rater} ${figure(values[i]?.[index])}`);
    return `${name}: ${[...methods, ...one].join(", ")}`;
  });
  return `${told.join(" · ")} · n ${data.gold[0]?.n[index] ?? 0}`;
}

interface OverlayProps {
  data: OverlayData;
  /** The medium that the cursor follows; null: there is none. */
  media: HTMLMediaElement | null;
}

/** All raters' traces and the gold of one item, a plot for each dimension, on the medium's time line. */
export function Overlay({ data, media }: OverlayProps) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const plots = useMemo(() => plotsOf(data, hidden, highlighted), [data, hidden, highlighted]);
  const stage = useRef<HTMLDivElement>(null);
  const cursor = useRef<HTMLDivElement>(null);
  const pointer = useRef<HTMLDivElement>(null);
  const pointed_s = useRef<number | null>(null);
  const told = useRef<HTMLParagraphElement>(null);
  const [resting_s, setResting] = useState(data.t0_s);
  const start_s = data.t0_s;
  const end_s = data.t0_s + ((plots[0]?.samples ?? 2) - 1) / data.rate_hz;

  const show = useCallback(
    (t_s: number) => {
      const node = stage.current;
      if (!node || !cursor.current || !pointer.current || !told.current) return;
      const width = node.clientWidth - LEFT_PX - RIGHT_PX;
      const moveTo = ({ style }: HTMLDivElement, at_s: number) => {
        style.transform = `translateX(${LEFT_PX + place(at_s, start_s, end_s) * width}px)`;
      };
      moveTo(cursor.current, t_s);
      const told_s = pointed_s.current ?? t_s;
      pointer.current.hidden = pointed_s.current === null;
      moveTo(pointer.current, told_s);
      const text = `${clock(told_s, 2)}  ${readout(data, told_s, highlighted)}`;
      if (told.current.textContent !== text) told.current.textContent = text;
    },
    [data, start_s, end_s, highlighted],
  );

  useEffect(() => {
    const now = () => (media ? media.currentTime - data.onset_s : resting_s);
    let frame = requestAnimationFrame(function follow() {
      show(now());
      frame = requestAnimationFrame(follow);
    });
    const settle = () => setResting(now());
    media?.addEventListener("seeked", settle);
    media?.addEventListener("pause", settle);
    return () => {
      cancelAnimationFrame(frame);
      media?.removeEventListener("seeked", settle);
      media?.removeEventListener("pause", settle);
    };
  }, [media, data.onset_s, resting_s, show]);

  const seek = (t_s: number) => {
    const held = Math.min(end_s, Math.max(start_s, t_s));
    if (media) media.currentTime = held + data.onset_s;
    setResting(held);
  };
  const timeAt = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const width = box.width - LEFT_PX - RIGHT_PX;
    return start_s + ((event.clientX - box.left - LEFT_PX) / width) * (end_s - start_s);
  };
  const onKey = (event: KeyboardEvent) => {
    const from = media ? media.currentTime - data.onset_s : resting_s;
    const step = event.shiftKey ? 5 : 1;
    const targets: Record<string, number> = {
      ArrowLeft: from - step,
      ArrowRight: from + step,
      Home: start_s,
      End: end_s,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      event.preventDefault();
      seek(target);
    } else if (event.key === " " && media) {
      event.preventDefault();
      if (media.paused) void media.play();
      else media.pause();
    }
  };
  const toggle = (key: string) =>
    setHidden((old) => {
      const next = new Set(old);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  const toggleRaters = () =>
    setHidden((old) => {
      const names = data.raters.map(({ rater }) => rater);
      const kept = [...old].filter((key) => !names.includes(key));
      return new Set(names.every((name) => old.has(name)) ? kept : [...kept, ...names]);
    });

  return (
    <div className="overlay">
      <Legend
        data={data}
        hidden={hidden}
        onToggle={toggle}
        onToggleRaters={toggleRaters}
        onHighlight={setHighlighted}
      />
      <p ref={told} className="readout tabular" aria-hidden="true" />
      <div
        ref={stage}
        className="plots"
        role="slider"
        tabIndex={0}
        aria-label="Time in the medium; arrow keys move, space plays"
        aria-valuemin={start_s}
        aria-valuemax={end_s}
        aria-valuenow={Math.round(resting_s * 10) / 10}
        aria-valuetext={`${clock(resting_s, 2)} ${readout(data, resting_s, null)}`}
        onKeyDown={onKey}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          seek(timeAt(event));
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) seek(timeAt(event));
          else pointed_s.current = Math.min(end_s, Math.max(start_s, timeAt(event)));
        }}
        onPointerLeave={() => {
          pointed_s.current = null;
        }}
      >
        {data.dimensions.map((dimension, i) => {
          const plot = plots[i];
          return plot ? <DimensionPlot key={dimension.key} dimension={dimension} plot={plot} /> : null;
        })}
        <div ref={pointer} className="plot-cursor pointed" hidden />
        <div ref={cursor} className="plot-cursor" />
      </div>
    </div>
  );
}
