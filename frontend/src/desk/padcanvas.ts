import { type Range, valueToX, valueToY } from "../trace/padmap";

const TAIL = 90;
const TAIL_EVERY_MS = 16;
const DOT_RADIUS = 11;
/** The canvas is this much larger than the pad on every side (as in rate.css), so the dot is whole at its edges. */
const MARGIN = 14;

/**
 * The moving layer of the pad: the dot and its fading tail. Each frame costs the same however long the trace is, and
 * allocates nothing.
 */
export class PadCanvas {
  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D;
  private readonly x: Range;
  private readonly y: Range;
  private readonly tailX = new Float32Array(TAIL);
  private readonly tailY = new Float32Array(TAIL);
  private length = 0;
  private cursor = 0;
  private lastMs = 0;
  private width = 0;
  private height = 0;
  private dotColour = "";
  private ringColour = "";
  private tailColour = "";

  constructor(canvas: HTMLCanvasElement, x: Range, y: Range) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("This browser cannot draw on a canvas.");
    this.canvas = canvas;
    this.context = context;
    this.x = x;
    this.y = y;
    this.measure();
  }

  /** After a change of size or of colour scheme. */
  measure(): void {
    const { canvas } = this;
    const box = canvas.getBoundingClientRect();
    const ratio = window.devicePixelRatio || 1;
    this.width = box.width - 2 * MARGIN;
    this.height = box.height - 2 * MARGIN;
    canvas.width = Math.round(box.width * ratio);
    canvas.height = Math.round(box.height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, MARGIN * ratio, MARGIN * ratio);
    const style = getComputedStyle(canvas);
    this.dotColour = style.getPropertyValue("--dot").trim();
    this.ringColour = style.getPropertyValue("--dot-ring").trim();
    this.tailColour = style.getPropertyValue("--dot-tail").trim();
    this.length = 0;
  }

  draw(valueX: number, valueY: number, atMs: number, held: boolean): void {
    const { context } = this;
    const left = valueToX(valueX, this.x) * this.width;
    const top = valueToY(valueY, this.y) * this.height;
    if (atMs - this.lastMs >= TAIL_EVERY_MS) this.remember(left, top, atMs);
    context.clearRect(-MARGIN, -MARGIN, this.width + 2 * MARGIN, this.height + 2 * MARGIN);
    this.drawTail();
    context.globalAlpha = held ? 0.45 : 1;
    context.beginPath();
    context.arc(left, top, DOT_RADIUS, 0, 2 * Math.PI);
    context.fillStyle = this.dotColour;
    context.fill();
    context.lineWidth = 3;
    context.strokeStyle = this.ringColour;
    context.stroke();
    context.globalAlpha = 1;
  }

  private remember(left: number, top: number, atMs: number): void {
    this.tailX[this.cursor] = left;
    this.tailY[this.cursor] = top;
    this.cursor = (this.cursor + 1) % TAIL;
    this.length = Math.min(this.length + 1, TAIL);
    this.lastMs = atMs;
  }

  private drawTail(): void {
    const { context, length } = this;
    context.strokeStyle = this.tailColour;
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
