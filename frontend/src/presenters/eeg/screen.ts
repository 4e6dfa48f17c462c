import { Scope } from "../../base/scope";
import type { Store } from "../../base/store";
import type { Look } from "./look";
import type { Lane, MontageName } from "./montage";
import { blankOutside, type Columns, drawWave, join, type Raster } from "./raster";
import type { Found, Waves } from "./waves";

export const LABEL_PX = 60;
const AXIS_PX = 22;
/** Device pixels per pixel at most: more cannot be seen in a thin line and costs time. */
const FINEST_RATIO = 2;
/** Of a frame's 16.7 ms, for montage and filters of samples that came into sight. */
const COMPUTING_MS = 4;
const NAME_PX = 12;
const MOST_REACH = 1;

export interface Scene {
  waves: Waves;
  montages: ReadonlyMap<MontageName, readonly Lane[]>;
  scales: ReadonlyMap<string, number>;
  /** The recording begins at this second of the file, from which all times of a look count. */
  onset_s: number;
  duration_s: number;
}

interface Palette {
  text: string;
  soft: string;
  line: string;
  accent: string;
  font: string;
  /** Of the wave, as little-endian pixels without alpha. */
  wave: number;
}

function tickStep(length_s: number, width: number): number {
  const rough = length_s / Math.max(2, Math.min(8, width / 90));
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5, 10].find((step) => step * power >= rough) ?? 10);
}

function paletteOf(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D): Palette {
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  context.fillStyle = colour("--wave");
  // Canvas gives back any colour as #rrggbb.
  const [r = 0, g = 0, b = 0] = (String(context.fillStyle).match(/[0-9a-f]{2}/gi) ?? []).map((hex) =>
    Number.parseInt(hex, 16),
  );
  return {
    text: colour("--text"),
    soft: colour("--text-soft"),
    line: colour("--line"),
    accent: colour("--accent"),
    font: colour("--font"),
    wave: (b << 16) | (g << 8) | r,
  };
}

/** Draws a recording at most once per frame of the display, and only when something changed. */
export class EegScreen {
  private readonly scope = new Scope();
  private readonly context: CanvasRenderingContext2D;
  private image: ImageData | null = null;
  private raster: Raster | null = null;
  private columns: Columns = { low: new Float32Array(0), high: new Float32Array(0) };
  private palette: Palette;
  private frame = 0;
  private width = 0;
  private height = 0;
  private ratio = 1;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly scene: Scene,
    private readonly look: Store<Look>,
    private readonly onFound: (found: Found) => void,
  ) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("This browser cannot draw.");
    this.context = context;
    this.palette = paletteOf(canvas, context);
    const observer = new ResizeObserver(() => this.resize());
    observer.observe(canvas);
    this.scope.add(() => observer.disconnect());
    this.scope.add(look.subscribe(() => this.invalidate()));
    const scheme = window.matchMedia("(prefers-color-scheme: dark)");
    const recolour = () => {
      this.palette = paletteOf(canvas, context);
      this.invalidate();
    };
    scheme.addEventListener("change", recolour);
    this.scope.add(() => scheme.removeEventListener("change", recolour));
    this.scope.add(() => cancelAnimationFrame(this.frame));
  }

  dispose(): void {
    this.scope.dispose();
  }

  /** Draws what is not drawn yet, within the frame that runs. */
  flush(): void {
    if (!this.frame) return;
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.draw();
  }

  invalidate(): void {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private resize(): void {
    this.ratio = Math.min(FINEST_RATIO, window.devicePixelRatio || 1);
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    this.canvas.width = Math.round(this.width * this.ratio);
    this.canvas.height = Math.round(this.height * this.ratio);
    const width = Math.max(1, Math.floor((this.width - LABEL_PX) * this.ratio));
    const height = Math.max(1, Math.floor((this.height - AXIS_PX) * this.ratio));
    this.image = new ImageData(width, height);
    this.raster = { pixels: new Uint32Array(this.image.data.buffer), width, height };
    this.columns = { low: new Float32Array(width), high: new Float32Array(width) };
    this.draw();
  }

  private draw(): void {
    const { image, raster, context, ratio } = this;
    if (!image || !raster) return;
    const look = this.look.get();
    const all = this.scene.montages.get(look.montage) ?? [];
    const lanes = all.slice(look.lane, look.lane + look.lanes);
    const found = this.drawWaves(raster, look, all, lanes);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.putImageData(image, Math.round(LABEL_PX * ratio), 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.drawTicks(look, this.scene.duration_s);
    this.drawNames(lanes);
    this.drawCursor(look);
    this.onFound(found);
  }

  private drawWaves(raster: Raster, look: Look, all: readonly Lane[], lanes: readonly Lane[]): Found {
    const { waves, scales, onset_s, duration_s } = this.scene;
    raster.pixels.fill(0);
    waves.configure(all, look.filters);
    const stretch = { from_s: onset_s + look.from_s, length_s: look.length_s, columns: raster.width };
    const found = waves.prepare(stretch);
    const deadline = performance.now() + COMPUTING_MS;
    const height = raster.height / Math.max(1, lanes.length);
    let complete = true;
    lanes.forEach((lane, row) => {
      complete = waves.fill(lane, look.lane + row, stretch, found, deadline, this.columns) && complete;
      blankOutside(this.columns, look.from_s, look.length_s, duration_s);
      join(this.columns);
      const px_per_unit = ((height / 2) * look.gain) / ((scales.get(lane.unit) ?? 1) * 2);
      const centre = height * (row + 0.5);
      const band = {
        middle: centre + waves.baseline(lane, found) * px_per_unit,
        px_per_unit,
        top: Math.floor(centre - height * (0.5 + MOST_REACH)),
        bottom: Math.ceil(centre + height * (0.5 + MOST_REACH)),
        thickness: this.ratio,
      };
      drawWave(raster, this.columns, band, this.palette.wave);
    });
    if (!complete) this.invalidate();
    return complete ? found : { ...found, waiting: true };
  }

  private drawTicks({ from_s, length_s }: Look, duration_s: number): void {
    const { context, palette, width, height } = this;
    const step = tickStep(length_s, width - LABEL_PX);
    const digits = Math.max(0, -Math.floor(Math.log10(step)));
    context.font = `${NAME_PX}px ${palette.font}`;
    context.fillStyle = palette.soft;
    context.strokeStyle = palette.line;
    context.textAlign = "center";
    context.textBaseline = "alphabetic";
    context.globalCompositeOperation = "destination-over";
    context.beginPath();
    const last_s = Math.min(duration_s, from_s + length_s) + 1e-9;
    for (let at = Math.ceil(Math.max(0, from_s) / step) * step; at <= last_s; at += step) {
      const x = this.xOf(at, from_s, length_s);
      context.moveTo(x, 0);
      context.lineTo(x, height - AXIS_PX);
      if (x > LABEL_PX + 14 && x < width - 18) context.fillText(`${at.toFixed(digits)} s`, x, height - 6);
    }
    context.stroke();
    context.globalCompositeOperation = "source-over";
  }

  private drawNames(lanes: readonly Lane[]): void {
    const { context, palette, height } = this;
    const lane = (height - AXIS_PX) / Math.max(1, lanes.length);
    const every = Math.ceil(NAME_PX / lane);
    context.fillStyle = palette.text;
    context.textAlign = "left";
    context.textBaseline = "middle";
    lanes.forEach(({ label }, row) => {
      if (row % every === 0) context.fillText(label, 2, lane * (row + 0.5), LABEL_PX - 6);
    });
  }

  private drawCursor({ cursor_s, from_s, length_s }: Look): void {
    if (cursor_s === null || cursor_s < from_s || cursor_s > from_s + length_s) return;
    const { context, palette, height } = this;
    context.fillStyle = palette.accent;
    context.fillRect(this.xOf(cursor_s, from_s, length_s) - 1, 0, 2, height - AXIS_PX);
  }

  private xOf(time_s: number, from_s: number, length_s: number): number {
    return LABEL_PX + ((time_s - from_s) / length_s) * (this.width - LABEL_PX);
  }
}
