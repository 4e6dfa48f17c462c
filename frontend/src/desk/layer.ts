/** The canvas is this much larger than its field on every side (as in desk.css), so a dot is whole at its edges. */
import { t } from "../words/words";
export const MARGIN = 14;
const DOT_RADIUS = 11;

/** A canvas above a field: sized for the screen, with the colours of the page. */
export class Layer {
  readonly context: CanvasRenderingContext2D;
  width = 0;
  height = 0;
  dotColour = "";
  ringColour = "";
  tailColour = "";
  targetColour = "";
  private readonly canvas: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error(t("This browser cannot draw on a canvas."));
    this.canvas = canvas;
    this.context = context;
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
    this.targetColour = style.getPropertyValue("--accent").trim();
  }

  clear(): void {
    this.context.clearRect(-MARGIN, -MARGIN, this.width + 2 * MARGIN, this.height + 2 * MARGIN);
  }

  dot(left: number, top: number, held: boolean): void {
    const { context } = this;
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

  /** The place to follow in practice, with what counts as near around it. */
  target(left: number, top: number, reachX: number, reachY: number): void {
    const { context } = this;
    context.fillStyle = this.targetColour;
    context.strokeStyle = this.targetColour;
    context.lineWidth = 2;
    context.beginPath();
    context.ellipse(left, top, reachX, reachY, 0, 0, 2 * Math.PI);
    context.globalAlpha = 0.18;
    context.fill();
    context.globalAlpha = 1;
    context.stroke();
  }
}
