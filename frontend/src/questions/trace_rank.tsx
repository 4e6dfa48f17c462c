import { DragInput } from "../desk/inputs/drag";
import { KeyInput } from "../desk/inputs/keys";
import { unbounded } from "../desk/inputs/movers";
import { StickInput } from "../desk/inputs/stick";
import { WheelInput } from "../desk/inputs/wheel";
import type { Instrument, InstrumentPorts, SurfaceProps, TraceSettings } from "../desk/instrument";
import { TrackCanvas } from "../desk/trackcanvas";
import { AutoRange } from "../trace/history";
import { t } from "../words/words";
import { Track } from "./parts/Track";
import { type Direction, defineTrace, readDirections, readSettings } from "./parts/trace";

interface RankOptions extends TraceSettings {
  direction: Direction;
  step: number;
  historyS: number;
}

/** Keys and sticks take this many steps for the whole way that they would go on a bounded range. */
const SPAN_STEPS = 20;
/** The view shows at least this many steps, so that the first one does not fill it. */
const LEAST_STEPS = 10;
/** A drag of this many pixels is one step. */
const PIXELS_PER_STEP = 16;

function Surface({ options, surface, cover }: SurfaceProps<RankOptions>) {
  const { name, lowLabel, highLabel } = options.direction;
  const labels = { name, lowLabel, highLabel };
  return <Track {...labels} along="vertical" wide track={surface} cover={cover} />;
}

function mount({ surface, recorder, live, positionS }: InstrumentPorts, options: RankOptions): Instrument {
  const { direction, step, historyS } = options;
  const { sign } = direction;
  // The view grows with the trace; on a flipped axis what is drawn is the negative value, so that up is still up.
  const range = new AutoRange(0, LEAST_STEPS * step);
  const look = { range, along: "vertical", historyS } as const;
  const canvas = new TrackCanvas(surface.querySelector("canvas") as HTMLCanvasElement, look);
  const mover = unbounded(0, sign * SPAN_STEPS * step);
  const movers = { x: null, y: mover, z: null };
  const wheel = new WheelInput({ target: window, recorder, live, mover, notch: 1 / SPAN_STEPS });
  const part = 1 / (SPAN_STEPS * PIXELS_PER_STEP);
  const drag = new DragInput({ box: surface, recorder, live, mover, partPerPixel: part });
  const keys = new KeyInput({ recorder, live, movers });
  const stick = new StickInput({ recorder, live, movers });
  return {
    frame(atMs, held) {
      keys.frame(atMs);
      stick.frame(atMs);
      const shown = sign * (recorder.value[0] ?? 0);
      range.include(shown);
      canvas.draw(shown, positionS(), held, null, 0);
    },
    measure: () => canvas.measure(),
    dispose() {
      wheel.dispose();
      drag.dispose();
      keys.dispose();
    },
  };
}

export const questionType = defineTrace<RankOptions>({
  type: "trace_rank",
  keys: [
    { keys: t("Wheel"), does: t("more or less than before, without an end") },
    { keys: "↑ ↓", does: t("the same; hold to move faster") },
  ],
  readOptions(reader) {
    const [direction, ...others] = readDirections(reader);
    if (!direction || others.length > 0) throw reader.wrong("dimensions", "a list of 1");
    const step = reader.number("step", 1);
    return { ...readSettings(reader, [0]), direction, step, historyS: reader.number("history_s", 20) };
  },
  Surface,
  mount,
});
