import { useEffect, useState } from "react";
import { KeyInput } from "../desk/inputs/keys";
import { bounded } from "../desk/inputs/movers";
import { PointerInput } from "../desk/inputs/pointer";
import { StickInput } from "../desk/inputs/stick";
import { WheelInput } from "../desk/inputs/wheel";
import type { Instrument, InstrumentPorts, SurfaceProps, TraceSettings } from "../desk/instrument";
import { TimedMedium } from "../desk/medium";
import { TraceDesk } from "../desk/TraceDesk";
import { Tone } from "../desk/tone";
import { TrackCanvas } from "../desk/trackcanvas";
import { type Curve, curveAt } from "../trace/target";
import { t } from "../words/words";
import { type DeskProps, defineDesk } from "./define";
import { Prompt } from "./parts/Prompt";
import { Track } from "./parts/Track";
import { type Axis, readAxes, readSettings } from "./parts/trace";
import "./calibration.css";

interface CalibrationOptions extends TraceSettings {
  axis: Axis;
  modality: "visual" | "auditory";
  durationS: number;
  curve: Curve;
}

const NOTCH = 0.05;
/** Grey levels of the disc at 0 and 1, clear of the ground of light and dark pages alike. */
const DARKEST = 20;
const BRIGHTEST = 245;

function Surface({ options, surface, cover }: SurfaceProps<CalibrationOptions>) {
  const { axis, modality } = options;
  return (
    <div className="calibration" ref={surface}>
      {modality === "visual" ? (
        <div className="calibration-disc" role="img" aria-label={t("A disc whose brightness changes")} />
      ) : (
        <p className="calibration-ear">{t("Listen: the pitch of a tone changes.")}</p>
      )}
      <Track {...axis} along="vertical" wide={false} track={null} cover={cover} />
    </div>
  );
}

/** Shows the level as brightness, or lets it sound as pitch while the clip runs. */
function stimulus(surface: HTMLElement, modality: "visual" | "auditory") {
  const disc = surface.querySelector<HTMLElement>(".calibration-disc");
  const tone = modality === "auditory" ? new Tone() : null;
  return {
    show(level: number, running: boolean) {
      const grey = Math.round(DARKEST + level * (BRIGHTEST - DARKEST));
      if (disc) disc.style.backgroundColor = `rgb(${grey} ${grey} ${grey})`;
      if (running) tone?.sound(level);
      else tone?.hush();
    },
    dispose: () => tone?.dispose(),
  };
}

function mount(ports: InstrumentPorts, { axis, modality, curve }: CalibrationOptions): Instrument {
  const { surface, recorder, live, positionS } = ports;
  const track = surface.querySelector(".track") as HTMLElement;
  const look = { range: axis, along: "vertical", historyS: 0 } as const;
  const canvas = new TrackCanvas(track.querySelector("canvas") as HTMLCanvasElement, look);
  const place = { index: 0, range: axis };
  const mover = bounded(0, axis);
  const pointer = new PointerInput({ box: track, recorder, live, x: null, y: place });
  const keys = new KeyInput({ recorder, live, movers: { x: mover, y: mover, z: null } });
  const wheel = new WheelInput({ target: surface, recorder, live, mover, notch: NOTCH });
  const stick = new StickInput({ recorder, live, places: { x: null, y: place, z: null } });
  const clip = stimulus(surface, modality);
  const level = new Float64Array(1);
  return {
    frame(atMs, held) {
      keys.frame(atMs);
      stick.frame(atMs);
      const positionNow = positionS();
      curveAt(curve, positionNow, level);
      clip.show(level[0] ?? 0, recorder.clock.running);
      canvas.draw(recorder.value[0] ?? 0, positionNow, held, null, 0);
    },
    measure: () => canvas.measure(),
    dispose() {
      for (const part of [pointer, keys, wheel, clip]) part.dispose();
    },
  };
}

function CalibrationView(props: DeskProps & { options: CalibrationOptions }) {
  const { options, question } = props;
  const [clip, setClip] = useState<TimedMedium | null>(null);
  useEffect(() => {
    const made = new TimedMedium(options.durationS);
    setClip(made);
    return () => made.dispose();
  }, [options]);
  return (
    <TraceDesk {...props} media={clip} kind={{ Surface, mount }} prompt={<Prompt question={question} />} />
  );
}

export const questionType = defineDesk<CalibrationOptions>({
  type: "calibration",
  solo: true,
  keys: [
    { keys: "Space", does: t("start, pause, continue") },
    { keys: "↑ ↓", does: t("move the slider; hold to move faster") },
  ],
  readOptions(reader) {
    const [axis] = readAxes(reader, 1) as [Axis];
    const modality = reader.text("modality");
    if (modality !== "visual" && modality !== "auditory")
      throw reader.wrong("modality", `"visual" or "auditory"`);
    const points = reader.each("curve", (one) => [one.number("time_s"), one.numbers("value")] as const);
    const curve = { timesS: points.map(([timeS]) => timeS), values: points.map(([, value]) => value) };
    return { ...readSettings(reader, [0.5]), axis, modality, durationS: reader.number("duration_s"), curve };
  },
  View: CalibrationView,
});
