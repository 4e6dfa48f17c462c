import { type Range, valueToX, valueToY } from "../trace/padmap";
import { Layer } from "./layer";

const TAIL = 90;
const TAIL_EVERY_MS = 16;

/**
 * The moving layer of the pad: the dot and its fading tail. Each frame costs the same however long the trace is, and
 * allocates nothing.
 */
export class PadCanvas {
  private readonly layer: Layer;
  private readonly x: Range;
  private readonly y: Range;
  private readonly tailX = new Float32Array(TAIL);
  private readonly tailY = new Float32Array(TAIL);
  private length = 0;
  private cursor = 0;
  private lastMs = 0;

  constructor(canvas: HTMLCanvasElement, x: Range, y: Range) {
    this.layer = new Layer(canvas);
    this.x = x;
    this.y = y;
  }

  measure(): void {
    this.layer.measure();
    this.length = 0;
  }

  /** `target`: what to follow in practice, x and y, and how near is near (units of the question). */
  draw(value: Float64Array, atMs: number, held: boolean, target: Float64Array | null, band: number): void {
    const { layer, x, y } = this;
    const left = valueToX(value[0] ?? 0, x) * layer.width;
    const top = valueToY(value[1] ?? 0, y) * layer.height;
    if (atMs - this.lastMs >= TAIL_EVERY_MS) this.remember(left, top, atMs);
    layer.clear();
    if (target) {
      const reachX = (band / Math.abs(x.max - x.min)) * layer.width;
      const reachY = (band / Math.abs(y.max - y.min)) * layer.height;
      const [atX = 0, atY = 0] = target;
      layer.target(valueToX(atX, x) * layer.width, valueToY(atY, y) * layer.height, reachX, reachY);
    }
    this.drawTail();
    layer.dot(left, top, held);
  }

  private remember(left: number, top: number, atMs: number): void {
    this.tailX[this.cursor] = left;
    this.tailY[this.cursor] = top;
    this.cursor = (this.cursor + 1) % TAIL;
    this.length = Math.min(this.length + 1, TAIL);
    this.lastMs = atMs;
  }

  private drawTail(): void {
    const { length } = this;
    const { context, tailColour } = this.layer;
    context.strokeStyle = tailColour;
    context.lineWidth = 4;
    context.lineCap = "round";
    const oldest = (this.cursor - length + TAIL) % TAIL;
    for (let i = 1; i < length; i++) {
      const from = (oldest + i - 1) % TAIL;
      const to = (oldest + i) % TAIL;
      context.globalAlpha = (0.6 * i) / length;
      context.beginPath();
      context.moveTo(this.tailX[from] as number, this.tailY[from] as number);
      context.lineTo(this.tailX[to] as number, this.tailY[to] as number);
      context.stroke();
    }
    context.globalAlpha = 1;
  }
}
