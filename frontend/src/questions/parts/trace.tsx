import type { InstrumentKind, Target, TraceSettings } from "../../desk/instrument";
import { TraceDesk } from "../../desk/TraceDesk";
import type { Range } from "../../trace/padmap";
import { t } from "../../words/words";
import { defineDesk, type KeyHelp, type QuestionType } from "../define";
import type { OptionReader } from "../options";
import { Prompt } from "./Prompt";

/** Like the server's defaults; a protocol's document always carries its own. */
const HEARTBEAT_HZ = 5;

/** One dimension as it is shown: where this rater's axis is flipped, its ends have changed places. */
export interface Axis extends Range {
  key: string;
  name: string;
  lowLabel: string;
  highLabel: string;
}

/** A dimension without ends. */
export interface Direction {
  key: string;
  name: string;
  /** What the visible upper (right) end means, and the lower (left) one. */
  lowLabel: string;
  highLabel: string;
  /** 1, or -1 where this rater's axis is flipped. */
  sign: 1 | -1;
}

export function readAxes(reader: OptionReader, count: number): Axis[] {
  const flipped = reader.texts("flipped", []);
  const axes = reader.each("dimensions", (one) => {
    const { sign, ...direction } = readDirection(one, flipped);
    const min = one.number("min");
    const max = one.number("max");
    if (max <= min) throw one.wrong("max", "greater than min");
    return sign === 1 ? { ...direction, min, max } : { ...direction, min: max, max: min };
  });
  if (axes.length !== count) throw reader.wrong("dimensions", `a list of ${count}`);
  return axes;
}

export function readDirections(reader: OptionReader): Direction[] {
  const flipped = reader.texts("flipped", []);
  return reader.each("dimensions", (one) => readDirection(one, flipped));
}

function readDirection(one: OptionReader, flipped: readonly string[]): Direction {
  const key = one.text("key");
  const ends = [one.text("low_label"), one.text("high_label")] as const;
  const sign = flipped.includes(key) ? -1 : 1;
  const [lowLabel, highLabel] = sign === 1 ? ends : ([ends[1], ends[0]] as const);
  return { key, name: one.text("name", key), lowLabel, highLabel, sign };
}

/** What all traces may set; `start` is where the value stands before the first movement. */
export function readSettings(reader: OptionReader, start: number[]): TraceSettings {
  const settings = {
    start: reader.numbers("start", start),
    heartbeatHz: reader.number("heartbeat_hz", HEARTBEAT_HZ),
    idleHintS: reader.number("idle_hint_s", 0),
    rewind: reader.flag("rewind", false),
    target: readTarget(reader),
  };
  if (settings.start.length !== start.length)
    throw reader.wrong("start", `a list of ${start.length} numbers`);
  return settings;
}

function readTarget(reader: OptionReader): Target | null {
  const points = reader.each(
    "target_points",
    (one) => [one.number("time_s"), one.numbers("value")] as const,
    [],
  );
  if (points.length === 0) return null;
  return {
    timesS: points.map(([timeS]) => timeS),
    values: points.map(([, value]) => value),
    band: reader.number("target_band", 0),
  };
}

interface TraceDefinition<O extends TraceSettings> extends InstrumentKind<O> {
  type: string;
  keys: readonly KeyHelp[];
  readOptions(reader: OptionReader): O;
}

/** A continuous question on the medium of its item. */
export function defineTrace<O extends TraceSettings>(definition: TraceDefinition<O>): QuestionType {
  const { type, keys, readOptions } = definition;
  return defineDesk<O>({
    type,
    keys: [{ keys: "Space", does: t("start, pause, continue") }, ...keys],
    readOptions,
    View: (props) => <TraceDesk {...props} kind={definition} prompt={<Prompt question={props.question} />} />,
  });
}
