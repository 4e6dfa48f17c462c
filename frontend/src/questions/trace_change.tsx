import { PressInput } from "../desk/inputs/press";
import type { Instrument, InstrumentPorts, SurfaceProps, TraceSettings } from "../desk/instrument";
import { type Mark, markOf, marksOf } from "../trace/changes";
import { t } from "../words/words";
import { type Direction, defineTrace, readDirections, readSettings } from "./parts/trace";

interface ChangeOptions extends TraceSettings {
  /** The one that lies along the width; null where there is one dimension only, which lies upright. */
  x: Direction | null;
  y: Direction;
}

const ARROW: Record<string, string> = {
  "-1,1": "↖",
  "0,1": "↑",
  "1,1": "↗",
  "-1,0": "←",
  "0,0": "=",
  "1,0": "→",
  "-1,-1": "↙",
  "0,-1": "↓",
  "1,-1": "↘",
};

const marksFor = ({ x }: ChangeOptions): Mark[] => marksOf(x ? 2 : 1);

/** What a mark says: the ends of the dimensions that it steps towards. */
function nameOf({ x, y }: Mark, options: ChangeOptions): string {
  const towards = (step: number, one: Direction | null) => {
    if (!one || step === 0) return [];
    return [t("more {end}", { end: step > 0 ? one.highLabel : one.lowLabel })];
  };
  return [...towards(y, options.y), ...towards(x, options.x)].join(", ") || t("no change");
}

function Surface({ options, surface, cover }: SurfaceProps<ChangeOptions>) {
  const columns = options.x ? "marks-square" : "marks-column";
  return (
    <div className="held" ref={surface}>
      <fieldset className={`marks ${columns}`} aria-label={t("Changes")} dir="ltr">
        {marksFor(options).map((mark, index) => (
          <button key={`${mark.x},${mark.y}`} type="button" className="press" data-choice={index}>
            <span aria-hidden="true">{ARROW[`${mark.x},${mark.y}`]}</span> {nameOf(mark, options)}
          </button>
        ))}
      </fieldset>
      {cover}
    </div>
  );
}

/** How long a mark stays lit, so that the rater sees that it was taken. */
const LIT_MS = 250;

function mount({ surface, recorder, live }: InstrumentPorts, options: ChangeOptions): Instrument {
  const marks = marksFor(options);
  const buttons = [...surface.querySelectorAll<HTMLElement>("[data-choice]")];
  const litUntil = new Float64Array(buttons.length);
  const step = (index: number, one: Direction | null, by: number) => {
    if (one) recorder.value[index] = (recorder.value[index] ?? 0) + one.sign * by;
  };
  const input = new PressInput({
    surface,
    live,
    keyOf(code) {
      const wanted = markOf(code);
      const place = wanted ? marks.findIndex(({ x, y }) => x === wanted.x && y === wanted.y) : -1;
      return place < 0 ? null : place;
    },
    down(choice, device, atMs) {
      const mark = marks[choice];
      if (!mark) return;
      if (options.x) step(0, options.x, mark.x);
      step(options.x ? 1 : 0, options.y, mark.y);
      litUntil[choice] = atMs + LIT_MS;
      recorder.sample(device, atMs, mark.x, mark.y);
    },
    up: () => undefined,
  });
  return {
    frame(atMs) {
      buttons.forEach((button, index) => {
        button.classList.toggle("lit", atMs < (litUntil[index] ?? 0));
      });
    },
    measure: () => undefined,
    dispose: () => input.dispose(),
  };
}

export const questionType = defineTrace<ChangeOptions>({
  type: "trace_change",
  keys: [{ keys: "← ↑ → ↓, number block, 0", does: t("mark a change, or that there is none") }],
  readOptions(reader) {
    const [first, second, ...others] = readDirections(reader);
    if (!first || others.length > 0) throw reader.wrong("dimensions", "a list of one or two");
    const settings = readSettings(reader, second ? [0, 0] : [0]);
    return second ? { ...settings, x: first, y: second } : { ...settings, x: null, y: first };
  },
  Surface,
  mount,
});
