import type { OptionReader } from "../options";
import { type Asked, MOMENTS, type Moment, SIDES, type Side, USUAL_SIDES } from "../parts/facs";

export interface FacsOptions extends Asked {
  neutral_s: number | null;
  replayFrames: number;
}

const MOMENTS_OF: Readonly<Record<"none" | "apex" | "events", readonly Moment[]>> = {
  none: [],
  apex: ["apex_s"],
  events: MOMENTS,
};

function readSides(reader: OptionReader): Side[] {
  const named = reader.texts("side_choices", [...USUAL_SIDES]);
  const sides = SIDES.filter((side) => named.includes(side));
  if (sides.length < named.length) throw reader.wrong("side_choices", `a list of ${SIDES.join(", ")}`);
  return sides;
}

export function readFacsOptions(reader: OptionReader): FacsOptions {
  const units = reader.each("units", (one) => ({
    key: one.text("key"),
    name: one.text("name"),
    part: one.text("part"),
    sides: one.flag("sides"),
  }));
  if (units.length === 0) throw reader.wrong("units", "a list with at least one unit");
  return {
    units,
    moments: MOMENTS_OF[reader.oneOf("timing", ["none", "apex", "events"])],
    intensity: reader.flag("intensity", true),
    sides: reader.flag("sides", true),
    sideChoices: readSides(reader),
    neutral_s: reader.numberOrNull("neutral_s"),
    replayFrames: reader.number("replay_frames", 15),
  };
}
