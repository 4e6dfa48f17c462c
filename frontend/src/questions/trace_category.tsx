import { PressInput } from "../desk/inputs/press";
import type { Instrument, InstrumentPorts, SurfaceProps, TraceSettings } from "../desk/instrument";
import type { InputDevice } from "../trace/recorder";
import { t } from "../words/words";
import { defineTrace, readSettings } from "./parts/trace";

interface HeldLabel {
  key: string;
  name: string;
  definition: string;
}

interface CategoryOptions extends TraceSettings {
  labels: HeldLabel[];
  none: string;
  mode: "hold" | "switch";
}

const NONE = 0;
/** Keys 1 to 9 stand for the first labels, 0 for none. */
const KEYED = 9;

function Surface({ options, surface, cover }: SurfaceProps<CategoryOptions>) {
  const { labels, none, mode } = options;
  const hint = mode === "hold" ? t("Hold a button or key while it is so.") : t("Choose what is so now.");
  return (
    <div className="held" ref={surface}>
      <p className="help">{hint}</p>
      <fieldset className="held-labels" aria-label={t("Categories")}>
        {labels.map(({ key, name, definition }, index) => (
          <HeldButton key={key} choice={index + 1} name={name} title={definition} />
        ))}
        <HeldButton choice={NONE} name={none} title="" />
      </fieldset>
      {cover}
    </div>
  );
}

function HeldButton({ choice, name, title }: { choice: number; name: string; title: string }) {
  return (
    <button type="button" className="press" data-choice={choice} aria-pressed="false" title={title}>
      {name} {choice <= KEYED ? <kbd aria-hidden="true">{choice}</kbd> : null}
    </button>
  );
}

function digitOf(code: string, last: number): number | null {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  const choice = digit === undefined ? null : Number(digit);
  return choice !== null && choice <= last ? choice : null;
}

/** The labels held at this moment, newest last; the newest one is the value. */
function mount({ surface, recorder, live }: InstrumentPorts, { labels, mode }: CategoryOptions): Instrument {
  const buttons = [...surface.querySelectorAll<HTMLElement>("[data-choice]")];
  const held: number[] = [];
  let shown = Number.NaN;
  const set = (choice: number, device: InputDevice, atMs: number) => {
    recorder.value[0] = choice;
    recorder.sample(device, atMs, choice);
  };
  const input = new PressInput({
    surface,
    live,
    keyOf: (code) => digitOf(code, labels.length),
    down(choice, device, atMs) {
      held.push(choice);
      set(choice, device, atMs);
    },
    up(choice, device, atMs) {
      const place = held.indexOf(choice);
      if (place >= 0) held.splice(place, 1);
      if (mode === "hold") set(held.at(-1) ?? NONE, device, atMs);
    },
  });
  return {
    frame() {
      const value = recorder.value[0] ?? NONE;
      if (value === shown) return;
      shown = value;
      for (const button of buttons) {
        button.setAttribute("aria-pressed", String(Number(button.dataset.choice) === value));
      }
    },
    measure: () => undefined,
    dispose: () => input.dispose(),
  };
}

export const questionType = defineTrace<CategoryOptions>({
  type: "trace_category",
  keys: [{ keys: "1 … 9, 0", does: t("the categories in their order, and none") }],
  readOptions(reader) {
    const mode = reader.text("mode", "hold");
    if (mode !== "hold" && mode !== "switch") throw reader.wrong("mode", `"hold" or "switch"`);
    const labels = reader.each("labels", (one) => ({
      key: one.text("key"),
      name: one.text("name"),
      definition: one.text("definition", ""),
    }));
    return { ...readSettings(reader, [NONE]), labels, none: reader.text("none", t("none of these")), mode };
  },
  Surface,
  mount,
});
