import { KeyInput } from "../desk/inputs/keys";
import { bounded } from "../desk/inputs/movers";
import { PointerInput } from "../desk/inputs/pointer";
import { StickInput } from "../desk/inputs/stick";
import { WheelInput } from "../desk/inputs/wheel";
import type { Instrument, InstrumentPorts, SurfaceProps, TraceSettings } from "../desk/instrument";
import { TargetReader } from "../desk/target";
import { TrackCanvas } from "../desk/trackcanvas";
import { t } from "../words/words";
import { Track } from "./parts/Track";
import { type Axis, defineTrace, readAxes, readSettings } from "./parts/trace";

interface Trace1dOptions extends TraceSettings {
  axis: Axis;
  along: "vertical" | "horizontal";
  historyS: number;
}

/** One notch of a wheel, as a part of the range. */
const NOTCH = 0.05;

function Surface({ options, surface, cover }: SurfaceProps<Trace1dOptions>) {
  const { axis, along, historyS } = options;
  return <Track {...axis} along={along} wide={historyS > 0} track={surface} cover={cover} />;
}

function mount({ surface, recorder, live, positionS }: InstrumentPorts, options: Trace1dOptions): Instrument {
  const { axis, along, historyS } = options;
  const look = { range: axis, along, historyS };
  const canvas = new TrackCanvas(surface.querySelector("canvas") as HTMLCanvasElement, look);
  const place = { index: 0, range: axis };
  const vertical = along === "vertical";
  const lying = { x: vertical ? null : place, y: vertical ? place : null };
  const pointer = new PointerInput({ box: surface, recorder, live, ...lying });
  const mover = bounded(0, axis);
  // Both pairs of arrows move the one dimension there is.
  const keys = new KeyInput({ recorder, live, movers: { x: mover, y: mover, z: null } });
  const wheel = new WheelInput({ target: surface, recorder, live, mover, notch: NOTCH });
  const stick = new StickInput({ recorder, live, places: { ...lying, z: null } });
  const target = new TargetReader(options.target, 1);
  return {
    frame(atMs, held) {
      keys.frame(atMs);
      stick.frame(atMs);
      const positionNow = positionS();
      const goal = target.at(positionNow)?.[0] ?? null;
      canvas.draw(recorder.value[0] ?? 0, positionNow, held, goal, target.band);
    },
    measure: () => canvas.measure(),
    dispose() {
      pointer.dispose();
      keys.dispose();
      wheel.dispose();
    },
  };
}

export const questionType = defineTrace<Trace1dOptions>({
  type: "trace1d",
  keys: [
    { keys: "← → or ↑ ↓", does: t("move the slider; hold to move faster") },
    { keys: t("Wheel"), does: t("moves the slider in even steps") },
  ],
  readOptions(reader) {
    const [axis] = readAxes(reader, 1) as [Axis];
    const along = reader.text("along", "vertical");
    if (along !== "vertical" && along !== "horizontal")
      throw reader.wrong("along", `"vertical" or "horizontal"`);
    const settings = readSettings(reader, [(axis.min + axis.max) / 2]);
    return { ...settings, axis, along, historyS: reader.number("history_s", 0) };
  },
  Surface,
  mount,
});
