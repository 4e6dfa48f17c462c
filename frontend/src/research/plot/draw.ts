import type { Surface } from "../../presenters/parts/useCanvas";
import { ticks } from "./scale";
import { bands, type Frame, type Series, type Stroke, strokes, xOf, yOf } from "./series";

export const LEFT_PX = 44;
export const RIGHT_PX = 10;
const TOP_PX = 8;
const AXIS_PX = 22;
const STRIP_PX = 4;

export interface Line {
  values: Series;
  dashed: boolean;
  highlighted: boolean;
}

export interface GoldLine {
  method: string;
  values: Series;
  sd: Series | null;
}

export interface Plot {
  low: number;
  high: number;
  samples: number;
  rate_hz: number;
  t0_s: number;
  lines: readonly Line[];
  gold: readonly GoldLine[];
  /** CSS variables of the axis' colours from low to high. */
  palette: readonly string[];
  labelled: boolean;
}

const GOLD_COLOURS: Record<string, string> = { mean: "--accent", ewe: "--valence-high" };

export const goldColour = (method: string): string => GOLD_COLOURS[method] ?? "--text";

function trace(context: CanvasRenderingContext2D, stroke: Stroke): void {
  context.beginPath();
  context.moveTo(stroke[0] as number, stroke[1] as number);
  for (let i = 2; i < stroke.length; i += 2) context.lineTo(stroke[i] as number, stroke[i + 1] as number);
}

function axes(surface: Surface, frame: Frame, plot: Plot): void {
  const { context, height, colour } = surface;
  context.font = `12px ${colour("--font")}`;
  context.lineWidth = 1;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const value of ticks(plot.low, plot.high, 4)) {
    const y = Math.round(yOf(frame, value)) + 0.5;
    context.strokeStyle = colour(value === 0 ? "--line-strong" : "--line");
    context.globalAlpha = value === 0 ? 0.7 : 0.6;
    trace(context, [frame.left, y, frame.right, y]);
    context.stroke();
    context.globalAlpha = 1;
    context.fillStyle = colour("--text-soft");
    context.fillText(String(value).replace("-", "−"), frame.left - STRIP_PX - 6, y);
  }
  const start = plot.t0_s;
  const end = plot.t0_s + (plot.samples - 1) / plot.rate_hz;
  context.textAlign = "center";
  for (const t of ticks(start, end, Math.max(2, (frame.right - frame.left) / 80))) {
    const x = Math.round(xOf(frame, (t - start) * plot.rate_hz)) + 0.5;
    context.strokeStyle = colour("--line");
    context.globalAlpha = 0.6;
    trace(context, [x, frame.top, x, frame.bottom]);
    context.stroke();
    context.globalAlpha = 1;
    if (plot.labelled) context.fillText(`${t} s`, Math.min(x, frame.right - 8), height - AXIS_PX / 2);
  }
  strip(surface, frame, plot.palette);
}

/** A thin strip in the dimension's own colours beside the axis. */
function strip({ context, colour }: Surface, frame: Frame, palette: readonly string[]): void {
  const fill = context.createLinearGradient(0, frame.bottom, 0, frame.top);
  palette.forEach((name, i) => {
    fill.addColorStop(i / Math.max(1, palette.length - 1), colour(name));
  });
  context.fillStyle = fill;
  context.fillRect(frame.left - STRIP_PX, frame.top, STRIP_PX, frame.bottom - frame.top);
}

function raters({ context, colour }: Surface, frame: Frame, lines: readonly Line[]): void {
  context.lineJoin = "round";
  const anyHighlighted = lines.some((line) => line.highlighted);
  for (const line of [...lines].sort((a, b) => Number(a.highlighted) - Number(b.highlighted))) {
    context.strokeStyle = colour(line.highlighted ? "--text" : "--line-strong");
    context.globalAlpha = line.highlighted ? 1 : anyHighlighted ? 0.3 : 0.65;
    context.lineWidth = line.highlighted ? 2 : 1;
    context.setLineDash(line.dashed ? [5, 3] : []);
    for (const stroke of strokes(line.values, frame)) {
      trace(context, stroke);
      context.stroke();
    }
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function golds({ context, colour }: Surface, frame: Frame, gold: readonly GoldLine[]): void {
  for (const { method, values, sd } of gold) {
    context.fillStyle = colour(goldColour(method));
    context.globalAlpha = 0.14;
    for (const band of sd ? bands(values, sd, frame) : []) {
      trace(context, band);
      context.closePath();
      context.fill();
    }
  }
  context.globalAlpha = 1;
  context.lineJoin = "round";
  gold.forEach(({ method, values }, order) => {
    context.strokeStyle = colour(goldColour(method));
    // Fusions often lie on each other: the later is thinner, so that both are seen.
    context.lineWidth = order === 0 ? 4.5 : 2;
    for (const stroke of strokes(values, frame)) {
      trace(context, stroke);
      context.stroke();
    }
  });
}

export function frameOf(plot: Plot, width: number, height: number): Frame {
  return {
    first: 0,
    last: plot.samples - 1,
    left: LEFT_PX,
    right: width - RIGHT_PX,
    top: TOP_PX,
    bottom: height - (plot.labelled ? AXIS_PX : TOP_PX),
    low: plot.low,
    high: plot.high,
  };
}

/** All of a plot: axes, then raters, then gold on top. */
export function drawPlot(surface: Surface, plot: Plot): void {
  const { context, width, height } = surface;
  context.clearRect(0, 0, width, height);
  const frame = frameOf(plot, width, height);
  axes(surface, frame, plot);
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top - 3, frame.right - frame.left, frame.bottom - frame.top + 6);
  context.clip();
  raters(surface, frame, plot.lines);
  golds(surface, frame, plot.gold);
  context.restore();
}
