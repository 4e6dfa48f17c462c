import { History } from "../trace/history";
import { type Range, valueToX, valueToY } from "../trace/padmap";
import { Layer } from "./layer";

export interface TrackLook {
  range: Range;
  along: "vertical" | "horizontal";
  /** Seconds of the past that scroll behind the dot of a vertical track; 0: none. */
  historyS: number;
}

/**
 * The moving layer of a one-dimensional trace: a dot on its track and, where it has one, the last seconds behind it.
 * What is drawn does not grow with the trace.
 */
export class TrackCanvas {
  private readonly layer: Layer;
  private readonly look: TrackLook;
  private readonly history: History | null;

  constructor(canvas: HTMLCanvasElement, look: TrackLook) {
    this.layer = new Layer(canvas);
    this.look = look;
    this.history = look.historyS > 0 ? new History(look.historyS) : null;
  }

  measure(): void {
    this.layer.measure();
  }

  /** `target`: the value to follow in practice, or null; `band`: how near is near (units of the question). */
  draw(value: number, positionS: number, held: boolean, target: number | null, band: number): void {
    const { layer, look, history } = this;
    if (!held) history?.add(positionS, value);
    layer.clear();
    if (history) this.drawHistory(history, positionS);
    if (target !== null) this.drawTarget(target, band);
    const [left, top] = this.placeOf(value);
    layer.dot(left, top, held);
    if (look.along === "vertical" && !history) this.drawLevel(top);
  }

  private placeOf(value: number): [number, number] {
    const { layer, look, history } = this;
    if (look.along === "horizontal") return [valueToX(value, look.range) * layer.width, layer.height / 2];
    return [history ? layer.width : layer.width / 2, valueToY(value, look.range) * layer.height];
  }

  private drawLevel(top: number): void {
    const { context, width, tailColour } = this.layer;
    context.globalAlpha = 0.4;
    context.fillStyle = tailColour;
    context.fillRect(0, top - 1, width, 2);
    context.globalAlpha = 1;
  }

  private drawTarget(target: number, band: number): void {
    const { layer, look } = this;
    const [left, top] = this.placeOf(target);
    const part = band / Math.abs(look.range.max - look.range.min);
    const vertical = look.along === "vertical";
    layer.target(left, top, vertical ? 16 : part * layer.width, vertical ? part * layer.height : 16);
  }

  private drawHistory(history: History, nowS: number): void {
    const { context, width, height, tailColour } = this.layer;
    const { range, historyS } = this.look;
    context.strokeStyle = tailColour;
    context.lineWidth = 3;
    context.lineJoin = "round";
    context.globalAlpha = 0.6;
    context.beginPath();
    for (let i = 0; i < history.length; i++) {
      const place = history.place(i);
      const left = (1 - (nowS - (history.timesS[place] as number)) / historyS) * width;
      if (left < 0) continue;
      context.lineTo(left, valueToY(history.values[place] as number, range) * height);
    }
    context.stroke();
    context.globalAlpha = 1;
  }
}
