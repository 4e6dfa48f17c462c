import { KeyInput } from "../desk/inputs/keys";
import { bounded } from "../desk/inputs/movers";
import { PointerInput } from "../desk/inputs/pointer";
import { StickInput } from "../desk/inputs/stick";
import { WheelInput } from "../desk/inputs/wheel";
import type { Instrument, InstrumentPorts, SurfaceProps, TraceSettings } from "../desk/instrument";
import { PadCanvas } from "../desk/padcanvas";
import { TargetReader } from "../desk/target";
import { TrackCanvas } from "../desk/trackcanvas";
import { t } from "../words/words";
import { Pad } from "./parts/Pad";
import { Track } from "./parts/Track";
import { type Axis, defineTrace, readAxes, readSettings } from "./parts/trace";

interface Trace3dOptions extends TraceSettings {
  x: Axis;
  y: Axis;
  z: Axis;
}

/** One notch of a wheel, as a part of the third dimension's range. */
const NOTCH = 0.05;

function Surface({ options, surface, cover }: SurfaceProps<Trace3dOptions>) {
  const { x, y, z } = options;
  return (
    <div className="three" ref={surface}>
      <Pad x={x} y={y} pad={null} cover={cover} />
      <p className="three-name">{z.name}</p>
      <Track {...z} along="horizontal" wide={false} track={null} cover={null} />
    </div>
  );
}

function mount({ surface, recorder, live, positionS }: InstrumentPorts, options: Trace3dOptions): Instrument {
  const { x, y, z } = options;
  const pad = surface.querySelector(".pad") as HTMLElement;
  const track = surface.querySelector(".track") as HTMLElement;
  const padCanvas = new PadCanvas(pad.querySelector("canvas") as HTMLCanvasElement, x, y);
  const look = { range: z, along: "horizontal", historyS: 0 } as const;
  const trackCanvas = new TrackCanvas(track.querySelector("canvas") as HTMLCanvasElement, look);
  const places = { x: { index: 0, range: x }, y: { index: 1, range: y }, z: { index: 2, range: z } };
  const mover = bounded(2, z);
  const inputs = [
    new PointerInput({ box: pad, recorder, live, x: places.x, y: places.y }),
    new PointerInput({ box: track, recorder, live, x: places.z, y: null }),
    new WheelInput({ target: surface, recorder, live, mover, notch: NOTCH }),
  ];
  const keys = new KeyInput({ recorder, live, movers: { x: bounded(0, x), y: bounded(1, y), z: mover } });
  const stick = new StickInput({ recorder, live, places });
  const target = new TargetReader(options.target, 3);
  return {
    frame(atMs, held) {
      keys.frame(atMs);
      stick.frame(atMs);
      const positionNow = positionS();
      const goal = target.at(positionNow);
      padCanvas.draw(recorder.value, atMs, held, goal, target.band);
      trackCanvas.draw(recorder.value[2] ?? 0, positionNow, held, goal?.[2] ?? null, target.band);
    },
    measure() {
      padCanvas.measure();
      trackCanvas.measure();
    },
    dispose() {
      for (const input of inputs) input.dispose();
      keys.dispose();
    },
  };
}

export const questionType = defineTrace<Trace3dOptions>({
  type: "trace3d",
  keys: [
    { keys: "← ↑ → ↓ or W A S D", does: t("move the dot; hold to move faster") },
    { keys: "Page ↑ ↓ or E Q, wheel", does: t("move the slider below") },
  ],
  readOptions(reader) {
    const [x, y, z] = readAxes(reader, 3) as [Axis, Axis, Axis];
    const middles = [x, y, z].map(({ min, max }) => (min + max) / 2);
    return { ...readSettings(reader, middles), x, y, z };
  },
  Surface,
  mount,
});
