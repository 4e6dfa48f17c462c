import { KeyInput } from "../desk/inputs/keys";
import { bounded } from "../desk/inputs/movers";
import { PointerInput } from "../desk/inputs/pointer";
import { StickInput } from "../desk/inputs/stick";
import type { Instrument, InstrumentPorts, SurfaceProps, TraceSettings } from "../desk/instrument";
import { PadCanvas } from "../desk/padcanvas";
import { TargetReader } from "../desk/target";
import { t } from "../words/words";
import { Pad } from "./parts/Pad";
import { type Axis, defineTrace, readAxes, readSettings } from "./parts/trace";

interface Trace2dOptions extends TraceSettings {
  x: Axis;
  y: Axis;
}

function Surface({ options, surface, cover }: SurfaceProps<Trace2dOptions>) {
  return <Pad x={options.x} y={options.y} pad={surface} cover={cover} />;
}

function mount({ surface, recorder, live, positionS }: InstrumentPorts, options: Trace2dOptions): Instrument {
  const { x, y } = options;
  const canvas = new PadCanvas(surface.querySelector("canvas") as HTMLCanvasElement, x, y);
  const places = { x: { index: 0, range: x }, y: { index: 1, range: y }, z: null };
  const pointer = new PointerInput({ box: surface, recorder, live, x: places.x, y: places.y });
  const movers = { x: bounded(0, x), y: bounded(1, y), z: null };
  const keys = new KeyInput({ recorder, live, movers });
  const stick = new StickInput({ recorder, live, places });
  const target = new TargetReader(options.target, 2);
  return {
    frame(atMs, held) {
      keys.frame(atMs);
      stick.frame(atMs);
      canvas.draw(recorder.value, atMs, held, target.at(positionS()), target.band);
    },
    measure: () => canvas.measure(),
    dispose() {
      pointer.dispose();
      keys.dispose();
    },
  };
}

export const questionType = defineTrace<Trace2dOptions>({
  type: "trace2d",
  keys: [{ keys: "← ↑ → ↓ or W A S D", does: t("move the dot; hold to move faster") }],
  readOptions(reader) {
    const [x, y] = readAxes(reader, 2) as [Axis, Axis];
    return { ...readSettings(reader, [(x.min + x.max) / 2, (y.min + y.max) / 2]), x, y };
  },
  Surface,
  mount,
});
