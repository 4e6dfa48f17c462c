import { useState } from "react";
import type { JsonObject } from "../../api/types";
import { t } from "../../words/words";
import type { FieldProps } from "../define";
import { nameIn } from "../parts/markoptions";
import { answerOf, clockText, nudged, put, type Rules, type Segment, segmentsOf } from "../parts/timeline";
import { type Steps, useUndo } from "../parts/useUndo";
import type { SegmentOptions } from "./options";
import { type Edge, REFUSED, timeOf } from "./told";

/** Everything that can be done with the segments of an answer; `said` tells what was done, or why it was not. */
export function useSegments(
  options: SegmentOptions,
  rules: Rules,
  transport: { here_s: number; seek(at_s: number): void },
  { value, onChange }: Pick<FieldProps, "value" | "onChange">,
) {
  const [label, setLabel] = useState(options.labels[0]?.key ?? "");
  const [begun_s, setBegun] = useState<number | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const [said, setSaid] = useState("");
  const undoing = useUndo<JsonObject | null>(value, onChange);
  const answer = segmentsOf(value);
  const segments = answer ?? [];
  const selected = chosen === null ? undefined : segments[chosen];

  const place = (index: number | null, segment: Segment): boolean => {
    const change = put(segments, index, segment, rules);
    if ("refusal" in change) {
      setSaid(REFUSED[change.refusal]());
      return false;
    }
    undoing.change(answerOf(change.segments));
    setChosen(change.index);
    setSaid(
      t("{label}: {from} to {to}.", {
        label: nameIn(options.labels, segment.label),
        from: timeOf(segment, "start_s"),
        to: timeOf(segment, "end_s"),
      }),
    );
    return true;
  };
  const begin = () => {
    setBegun(transport.here_s);
    setSaid(t("Begins at {time}.", { time: clockText(transport.here_s) }));
  };
  const finish = (end_s: number | null) => {
    if (begun_s === null) return setSaid(t("First say where it begins."));
    const first = { label, start_s: begun_s, end_s, apex_s: null, attributes: {} };
    if (place(null, first)) setBegun(null);
  };
  const revise = (part: Partial<Segment>) => {
    if (chosen !== null && selected) place(chosen, { ...selected, ...part });
  };
  const nudge = (edge: Edge, steps: number) => {
    const at_s = selected?.[edge];
    if (at_s !== null && at_s !== undefined) revise({ [edge]: nudged(at_s, steps, rules) });
  };
  const remove = () => {
    if (chosen === null || !selected) return;
    undoing.change(answerOf(segments.filter((_, index) => index !== chosen)));
    setChosen(null);
    setSaid(t("Deleted."));
  };
  const choose = (index: number) => {
    const next = segments[index];
    if (!next) return;
    setChosen(index);
    transport.seek(next.start_s);
  };
  const walking = (step: (() => void) | null, what: string) =>
    step &&
    (() => {
      step();
      setChosen(null);
      setSaid(what);
    });
  const steps: Steps = {
    undo: walking(undoing.undo, t("Taken back.")),
    redo: walking(undoing.redo, t("Done again.")),
  };
  const nothing = () => undoing.change(answerOf([]));

  return {
    ...{ label, setLabel, begun_s, chosen, said, answer, segments, selected, steps },
    ...{ place, begin, finish, revise, nudge, remove, choose, nothing },
  };
}
