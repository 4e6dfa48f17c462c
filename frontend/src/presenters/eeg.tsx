import {
  type KeyboardEvent,
  type PointerEvent,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { clamp } from "../trace/padmap";
import { t } from "../words/words";
import type { Presenter, PresenterProps } from "./define";
import { Missing } from "./parts/Missing";
import { type Surface, useCanvas } from "./parts/useCanvas";
import { useJson } from "./parts/useJson";
import { laneScales, levelFor, type Pyramid, pan, type Span, zoom } from "./pyramid";

const LABEL_PX = 56;
const AXIS_PX = 22;
const FIRST_SPAN_S = 10;
const GAIN_STEP = Math.SQRT2;

type ViewMove = "earlier" | "later" | "larger" | "smaller" | "shorter" | "longer" | "first" | "last";

const KEY_MOVES: Record<string, ViewMove> = {
  ArrowLeft: "earlier",
  ArrowRight: "later",
  ArrowUp: "larger",
  ArrowDown: "smaller",
  "+": "shorter",
  "=": "shorter",
  "-": "longer",
  Home: "first",
  End: "last",
};

const TOOLS: readonly { view: ViewMove; label: string }[] = [
  { view: "earlier", label: "← Earlier" },
  { view: "later", label: "Later →" },
  { view: "shorter", label: "Zoom in" },
  { view: "longer", label: "Zoom out" },
  { view: "larger", label: "Taller" },
  { view: "smaller", label: "Flatter" },
];

interface Look extends Span {
  gain: number;
}

function tickStep(length_s: number): number {
  const rough = length_s / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5, 10].find((step) => step * power >= rough) ?? 10);
}

function drawTicks({ context, width, height, colour }: Surface, look: Look): void {
  const step = tickStep(look.length_s);
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  context.fillStyle = colour("--text-soft");
  context.strokeStyle = colour("--line");
  context.textAlign = "center";
  for (let at = Math.ceil(look.from_s / step) * step; at <= look.from_s + look.length_s + 1e-9; at += step) {
    const x = LABEL_PX + ((at - look.from_s) / look.length_s) * (width - LABEL_PX);
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, height - AXIS_PX);
    context.stroke();
    if (x > LABEL_PX + 12 && x < width - 16) context.fillText(`${at.toFixed(digits)} s`, x, height - 6);
  }
}

function drawLane(surface: Surface, look: Look, pyramid: Pyramid, channel: number, scale: number): void {
  const { context, width, height } = surface;
  const lane = (height - AXIS_PX) / pyramid.channels.length;
  const middle = lane * (channel + 0.5);
  const columns = Math.max(1, Math.floor(width - LABEL_PX));
  const perColumn = look.length_s / columns;
  const level = levelFor(pyramid, perColumn);
  const lows = level?.min[channel];
  const highs = level?.max[channel];
  if (!level || !lows || !highs) return;
  const px = ((lane / 2) * look.gain) / (scale * 2);
  context.beginPath();
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((look.from_s + column * perColumn) / level.bucket_s);
    const to = Math.max(from + 1, Math.floor((look.from_s + (column + 1) * perColumn) / level.bucket_s));
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = from; i < Math.min(to, highs.length); i++) {
      low = Math.min(low, lows[i] ?? low);
      high = Math.max(high, highs[i] ?? high);
    }
    if (low > high) continue;
    const x = LABEL_PX + column;
    context.lineTo(x, middle - high * px);
    context.lineTo(x, middle - low * px + 0.5);
  }
  context.stroke();
}

function drawAll(surface: Surface, look: Look, pyramid: Pyramid, scales: readonly number[]): void {
  const { context, width, height, colour } = surface;
  context.clearRect(0, 0, width, height);
  context.font = `12px ${colour("--font")}`;
  drawTicks(surface, look);
  context.strokeStyle = colour("--wave");
  context.lineWidth = 1;
  pyramid.channels.forEach((_, channel) => {
    drawLane(surface, look, pyramid, channel, scales[channel] ?? 1);
  });
  context.clearRect(0, 0, LABEL_PX - 4, height);
  context.fillStyle = colour("--text");
  context.textAlign = "left";
  context.textBaseline = "middle";
  const lane = (height - AXIS_PX) / pyramid.channels.length;
  pyramid.channels.forEach(({ label }, channel) => {
    context.fillText(label, 2, lane * (channel + 0.5), LABEL_PX - 8);
  });
  context.textBaseline = "alphabetic";
}

function Viewer({ pyramid }: { pyramid: Pyramid }) {
  const { duration_s } = pyramid;
  const [look, setLook] = useState<Look>({
    from_s: 0,
    length_s: Math.min(FIRST_SPAN_S, duration_s),
    gain: 1,
  });
  const scales = useMemo(() => laneScales(pyramid), [pyramid]);
  const draw = useCallback(
    (surface: Surface) => drawAll(surface, look, pyramid, scales),
    [look, pyramid, scales],
  );
  const canvas = useCanvas(draw);
  const drag = useRef<{ x: number; from_s: number } | null>(null);

  const move = useCallback(
    (part: number) => setLook((old) => ({ ...old, ...pan(old, part, duration_s) })),
    [duration_s],
  );
  const scale = useCallback(
    (factor: number, place = 0.5) => setLook((old) => ({ ...old, ...zoom(old, factor, place, duration_s) })),
    [duration_s],
  );
  const amplify = (factor: number) =>
    setLook((old) => ({ ...old, gain: clamp(old.gain * factor, 1 / 32, 32) }));

  useEffect(() => {
    const node = canvas.current;
    if (!node) return;
    // Not through React, whose wheel listeners are passive: zooming must not also scroll the page.
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && Math.abs(event.deltaX) < Math.abs(event.deltaY)) return;
      event.preventDefault();
      const width = node.clientWidth - LABEL_PX;
      if (event.ctrlKey)
        scale(event.deltaY < 0 ? 1.2 : 1 / 1.2, clamp((event.offsetX - LABEL_PX) / width, 0, 1));
      else move(event.deltaX / width);
    };
    node.addEventListener("wheel", onWheel, { passive: false });
    return () => node.removeEventListener("wheel", onWheel);
  }, [canvas, move, scale]);

  const moves: Record<ViewMove, () => void> = {
    earlier: () => move(-0.25),
    later: () => move(0.25),
    larger: () => amplify(GAIN_STEP),
    smaller: () => amplify(1 / GAIN_STEP),
    shorter: () => scale(1.5),
    longer: () => scale(1 / 1.5),
    first: () => move(Number.NEGATIVE_INFINITY),
    last: () => move(Number.MAX_SAFE_INTEGER),
  };
  const onKey = (event: KeyboardEvent) => {
    const wanted = KEY_MOVES[event.key];
    if (!wanted || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    moves[wanted]();
  };
  const onMove = (event: PointerEvent<HTMLCanvasElement>) => {
    if (!drag.current) return;
    const { x, from_s } = drag.current;
    const part = (x - event.clientX) / (event.currentTarget.clientWidth - LABEL_PX);
    setLook((old) => ({ ...old, ...pan({ ...old, from_s }, part, duration_s) }));
  };
  const until = look.from_s + look.length_s;
  const shown = t("{from} to {until} of {duration} s", {
    from: look.from_s.toFixed(1),
    until: until.toFixed(1),
    duration: duration_s.toFixed(1),
  });
  return (
    <div className="eeg">
      <div
        className="eeg-screen"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the recording is panned and zoomed with the keys.
        tabIndex={0}
        role="application"
        aria-label={t("Recording")}
        onKeyDown={onKey}
      >
        <canvas
          ref={canvas}
          style={{ height: `max(16rem, min(60vh, ${pyramid.channels.length * 40 + AXIS_PX}px))` }}
          aria-hidden="true"
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            drag.current = { x: event.clientX, from_s: look.from_s };
          }}
          onPointerMove={onMove}
          onPointerUp={() => {
            drag.current = null;
          }}
        />
      </div>
      <div className="eeg-tools" role="toolbar" aria-label={t("View of the recording")}>
        {TOOLS.map(({ view, label }) => (
          <button key={view} type="button" className="quiet" onClick={moves[view]}>
            {t(label)}
          </button>
        ))}
        <span className="hint" role="status">
          {shown}
        </span>
      </div>
    </div>
  );
}

function EegView({ item }: PresenterProps) {
  const pyramid = useJson<Pyramid>(item.media.pyramid?.url);
  if (pyramid.state === "failed") return <Missing what={t("The recording")} />;
  if (pyramid.state === "loading") return <p className="calm">{t("Loading the recording …")}</p>;
  return <Viewer pyramid={pyramid.value} />;
}

export const presenter: Presenter = {
  kind: "eeg",
  keys: [
    { keys: "← →", does: t("move in the recording (when it has the focus)") },
    { keys: "+ −", does: t("shorter or longer span") },
    { keys: "↑ ↓", does: t("larger or smaller amplitude") },
  ],
  View: EegView,
};
