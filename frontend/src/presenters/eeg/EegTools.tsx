import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { type Store, useStore } from "../../base/store";
import { t } from "../../words/words";
import type { Filters } from "./filters";
import { type Extent, type Look, type Move, sameChoices, showLanes } from "./look";
import type { Lane, MontageName } from "./montage";
import type { Found } from "./waves";

interface ToolsProps {
  look: Store<Look>;
  found: Store<Found>;
  extent: Extent;
  montages: ReadonlyMap<MontageName, readonly Lane[]>;
  scales: ReadonlyMap<string, number>;
  /** Whether filters can be had: they need every sample. */
  filters: boolean;
  /** Something else moves the recording through time. */
  bound: boolean;
  onMove(move: Move): void;
}

/** The look; while something else moves the recording, a new one only after a choice of the rater. */
function useChoices(look: Store<Look>, bound: boolean): Look {
  const kept = useRef(look.get());
  return useSyncExternalStore(look.subscribe, () => {
    const now = look.get();
    if (!bound || !sameChoices(kept.current, now)) kept.current = now;
    return kept.current;
  });
}

const THROUGH_TIME: readonly Move[] = ["earlier", "later"];

const SAID_MS = 400;
const HIGH_PASS_HZ = [0.1, 0.5, 1, 5];
const LOW_PASS_HZ = [15, 30, 40, 70, 100];
const NOTCH_HZ = [50, 60];

const montageLabel = (name: MontageName): string =>
  ({ recorded: t("As recorded"), average: t("Average reference"), bipolar: t("Bipolar chain") })[name];

/** What a screen reader says and everybody can read, once it stands still. */
function useSettled(text: string): string {
  const [said, setSaid] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSaid(text), SAID_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return said;
}

function statusOf(
  { extent, montages, scales, bound }: ToolsProps,
  now: Look,
  { waiting, asRecorded }: Found,
): string {
  const lanes = montages.get(now.montage) ?? [];
  const first = lanes[now.lane];
  const last = lanes[Math.min(lanes.length, now.lane + now.lanes) - 1];
  const unit = first?.unit ?? "";
  const height = ((scales.get(unit) ?? 1) * 4) / now.gain;
  const digits = now.length_s < 5 ? 3 : 1;
  const place = [
    t("{from} to {until} of {length} s", {
      from: now.from_s.toFixed(digits),
      until: (now.from_s + now.length_s).toFixed(digits),
      length: extent.duration_s.toFixed(1),
    }),
  ];
  if (now.cursor_s !== null) place.push(t("cursor at {time} s", { time: now.cursor_s.toFixed(4) }));
  const parts = [
    ...(bound ? [] : place),
    t("{first} to {last}, a row is {height} {unit}", {
      first: first?.label ?? "",
      last: last?.label ?? "",
      height: Number(height.toPrecision(2)),
      unit,
    }),
  ];
  if (asRecorded) parts.push(t("as recorded: the span is too long for montage and filters"));
  if (waiting) parts.push(t("loading finer detail …"));
  return parts.join(" · ");
}

interface PickProps {
  name: string;
  options: readonly (readonly [value: string, label: string])[];
  value: string;
  onPick(value: string): void;
}

function Pick({ name, options, value, onPick }: PickProps) {
  return (
    <label className="eeg-pick">
      <span>{name}</span>
      <select value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {options.map(([one, label]) => (
          <option key={one} value={one}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

const OFF = "";

function filterPick(choices: readonly number[], fastest_hz: number): [string, string][] {
  const possible = choices.filter((hz) => hz < 0.45 * fastest_hz);
  return [[OFF, t("off")], ...possible.map((hz): [string, string] => [String(hz), t("{hz} Hz", { hz })])];
}

/** Buttons and choices below a recording, and what they did as a sentence. */
export function EegTools(props: ToolsProps) {
  const { look, found, extent, montages, filters, bound, onMove } = props;
  const now = useChoices(look, bound);
  const status = useSettled(statusOf(props, now, useStore(found)));
  const fastest_hz = 1 / extent.sample_s;
  const moves: readonly [Move, string][] = [
    ["earlier", t("← Earlier")],
    ["later", t("Later →")],
    ["shorter", t("Zoom in")],
    ["longer", t("Zoom out")],
    ["larger", t("Taller")],
    ["smaller", t("Flatter")],
    ["up", t("Channels up")],
    ["down", t("Channels down")],
    ["fewer", t("Fewer channels")],
    ["more", t("More channels")],
  ];
  const pickMontage = (name: string) => {
    const montage = name as MontageName;
    const lanes = montages.get(montage)?.length ?? 1;
    look.set(showLanes({ ...look.get(), montage }, 0, look.get().lanes, { ...extent, lanes }));
  };
  const pickFilter = (key: keyof Filters) => (value: string) =>
    look.patch({ filters: { ...look.get().filters, [key]: value === OFF ? null : Number(value) } });
  const kinds: readonly [keyof Filters, string, readonly number[]][] = [
    ["high_pass_hz", t("High-pass"), HIGH_PASS_HZ],
    ["low_pass_hz", t("Low-pass"), LOW_PASS_HZ],
    ["notch_hz", t("Notch"), NOTCH_HZ],
  ];
  return (
    <div className="eeg-tools" role="toolbar" aria-label={t("View of the recording")}>
      {moves
        .filter(([move]) => !(bound && THROUGH_TIME.includes(move)))
        .map(([move, label]) => (
          <button key={move} type="button" className="quiet" onClick={() => onMove(move)}>
            {label}
          </button>
        ))}
      {montages.size > 1 ? (
        <Pick
          name={t("Montage")}
          value={now.montage}
          options={[...montages.keys()].map((name) => [name, montageLabel(name)] as const)}
          onPick={pickMontage}
        />
      ) : null}
      {filters
        ? kinds.map(([key, name, choices]) => (
            <Pick
              key={key}
              name={name}
              value={now.filters[key] === null ? OFF : String(now.filters[key])}
              options={filterPick(choices, fastest_hz)}
              onPick={pickFilter(key)}
            />
          ))
        : null}
      <p className="hint eeg-status" role="status">
        {status}
      </p>
    </div>
  );
}
