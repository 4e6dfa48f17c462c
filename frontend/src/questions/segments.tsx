import { useRef, useState } from "react";
import type { JsonObject } from "../api/types";
import { t } from "../words/words";
import { defineField, type FieldProps } from "./define";
import type { OptionReader } from "./options";
import { Playhead } from "./parts/Playhead";
import { Complaint, Prompt, promptId } from "./parts/Prompt";
import { Transport } from "./parts/Transport";
import {
  answerOf,
  clockText,
  nudged,
  type Overlap,
  put,
  type Refusal,
  type Rules,
  type Segment,
  segmentsOf,
} from "./parts/timeline";
import { useKeys } from "./parts/useKeys";
import { useTransport } from "./parts/useTransport";
import { useUndo } from "./parts/useUndo";
import { EdgeGrips } from "./segments/EdgeGrips";
import "./segments.css";

interface Named {
  key: string;
  name: string;
  definition: string;
}

interface Attribute {
  key: string;
  name: string;
  choices: Named[];
  required: boolean;
}

interface SegmentOptions {
  labels: Named[];
  attributes: Attribute[];
  overlap: Overlap;
  openEnd: boolean;
  apex: "none" | "optional" | "required";
  snap: "none" | "step" | "frames";
  step_s: number | null;
  minLength_s: number;
  most: number | null;
}

type Edge = "start_s" | "end_s" | "apex_s";

const EDGES: Readonly<Record<Edge, string>> = { start_s: "Begins", end_s: "Ends", apex_s: "Strongest" };

const refused: Readonly<Record<Refusal, string>> = {
  overlap: "This would overlap another one, which is not allowed here.",
  short: "This would be too short, or end before it begins.",
  many: "No more can be marked here.",
  apex: "The strongest moment must lie between beginning and end.",
};

function rulesOf(options: SegmentOptions, item: FieldProps["item"]): Rules {
  const frame_s = item.frame_rate_hz ? 1 / item.frame_rate_hz : null;
  return {
    duration_s: item.duration_s ?? 0,
    step_s: options.snap === "frames" ? frame_s : options.step_s,
    minLength_s: options.minLength_s,
    overlap: options.overlap,
    most: options.most,
  };
}

const timeOf = (segment: Segment, edge: Edge): string => {
  const at_s = segment[edge];
  if (at_s !== null) return clockText(at_s);
  return edge === "end_s" ? t("goes on") : "–";
};

/** What a segment still lacks, or null. */
function lacks(segment: Segment, { attributes, apex }: SegmentOptions): string | null {
  if (apex === "required" && segment.apex_s === null) return t("its strongest moment");
  return attributes.find((one) => one.required && !segment.attributes[one.key])?.name ?? null;
}

function SegmentsView({
  question,
  options,
  item,
  media,
  value,
  complaint,
  onChange,
}: FieldProps & { options: SegmentOptions }) {
  const section = useRef<HTMLElement>(null);
  const rules = rulesOf(options, item);
  const transport = useTransport(media, rules);
  const [label, setLabel] = useState(options.labels[0]?.key ?? "");
  const [begun_s, setBegun] = useState<number | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const [said, setSaid] = useState("");
  const answer = segmentsOf(value);
  const segments = answer ?? [];
  const undoing = useUndo<JsonObject | null>(value, onChange);
  const selected = chosen === null ? undefined : segments[chosen];
  const nameOf = (key: string) => options.labels.find((one) => one.key === key)?.name ?? key;

  const place = (index: number | null, segment: Segment): boolean => {
    const change = put(segments, index, segment, rules);
    if ("refusal" in change) {
      setSaid(t(refused[change.refusal]));
      return false;
    }
    undoing.change(answerOf(change.segments));
    setChosen(change.index);
    setSaid(
      t("{label}: {from} to {to}.", {
        label: nameOf(segment.label),
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
  const undo =
    undoing.undo &&
    (() => {
      undoing.undo?.();
      setChosen(null);
      setSaid(t("Taken back."));
    });
  const redo =
    undoing.redo &&
    (() => {
      undoing.redo?.();
      setChosen(null);
      setSaid(t("Done again."));
    });

  useKeys(section, {
    ...transport.keys,
    i: begin,
    o: () => finish(transport.here_s),
    g: options.openEnd ? () => finish(null) : null,
    p: options.apex === "none" ? null : () => revise({ apex_s: transport.here_s }),
    "[": () => nudge("start_s", -1),
    "]": () => nudge("start_s", 1),
    "{": () => nudge("end_s", -1),
    "}": () => nudge("end_s", 1),
    n: () => choose(chosen === null ? 0 : chosen + 1),
    b: () => choose((chosen ?? segments.length) - 1),
    Delete: remove,
    Backspace: remove,
    "mod+z": undo,
    "mod+y": redo,
    "mod+shift+z": redo,
  });

  const edges: Edge[] = options.apex === "none" ? ["start_s", "end_s"] : ["start_s", "apex_s", "end_s"];
  return (
    <section className="question segments" ref={section} aria-labelledby={promptId(question)}>
      <Prompt question={question} />
      <fieldset className="segment-labels">
        <legend>{t("What is marked next")}</legend>
        {options.labels.map((one) => (
          <label key={one.key} className="chip" title={one.definition || undefined}>
            <input
              type="radio"
              name={`${question.key}.label`}
              checked={label === one.key}
              onChange={() => setLabel(one.key)}
            />
            <span>{one.name}</span>
          </label>
        ))}
      </fieldset>
      <Playhead
        at_s={transport.at_s}
        duration_s={rules.duration_s}
        zoom={transport.zoom}
        onSeek={transport.seek}
      >
        {options.labels.map((track) => (
          <div key={track.key} className="lane-track">
            <span className="lane-name" aria-hidden="true">
              {track.name}
            </span>
            {segments.map((one, index) =>
              one.label === track.key ? (
                <Mark
                  // biome-ignore lint/suspicious/noArrayIndexKey: a mark has no name but its place in the list.
                  key={index}
                  segment={one}
                  duration_s={rules.duration_s}
                  chosen={index === chosen}
                />
              ) : null,
            )}
            {begun_s !== null && label === track.key ? (
              <Pending from_s={begun_s} to_s={transport.at_s} duration_s={rules.duration_s} />
            ) : null}
          </div>
        ))}
        <EdgeGrips
          {...{ segments, rules }}
          tracks={options.labels.map(({ key }) => key)}
          here_s={transport.here_s}
          onDrag={place}
        />
      </Playhead>
      <Transport {...transport} />
      <div className="segment-tools">
        <button type="button" onClick={begin}>
          {t("It begins here")} <kbd aria-hidden="true">I</kbd>
        </button>
        <button type="button" onClick={() => finish(transport.here_s)}>
          {t("It ends here")} <kbd aria-hidden="true">O</kbd>
        </button>
        {options.openEnd ? (
          <button type="button" onClick={() => finish(null)}>
            {t("It goes on")} <kbd aria-hidden="true">G</kbd>
          </button>
        ) : null}
        <button type="button" className="quiet" disabled={!undo} onClick={() => undo?.()}>
          {t("Undo")}
        </button>
        <button type="button" className="quiet" disabled={!redo} onClick={() => redo?.()}>
          {t("Redo")}
        </button>
        <button
          type="button"
          className="quiet"
          disabled={answer !== null}
          onClick={() => undoing.change(answerOf([]))}
        >
          {t("There is nothing to mark")}
        </button>
      </div>
      <p className="hint" role="status">
        {said}
      </p>
      {segments.length > 0 ? (
        <SegmentTable {...{ segments, edges, chosen, nameOf, choose }} lack={(one) => lacks(one, options)} />
      ) : null}
      {answer?.length === 0 ? (
        <p className="hint">{t("Nothing is marked, and that is your answer.")}</p>
      ) : null}
      {selected ? (
        <SegmentEditor
          {...{ options, edges, nudge, revise, remove }}
          segment={selected}
          number={(chosen ?? 0) + 1}
          here_s={transport.here_s}
        />
      ) : null}
      <Complaint text={complaint} />
    </section>
  );
}

interface TableProps {
  segments: readonly Segment[];
  edges: readonly Edge[];
  chosen: number | null;
  nameOf(key: string): string;
  lack(segment: Segment): string | null;
  choose(index: number): void;
}

function SegmentTable({ segments, edges, chosen, nameOf, lack, choose }: TableProps) {
  return (
    <table className="segment-table">
      <caption>{t("What you have marked")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("What")}</th>
          {edges.map((edge) => (
            <th key={edge} scope="col">
              {t(EDGES[edge])}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {segments.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a mark has no name but its place in the list.
          <tr key={index} className={index === chosen ? "chosen" : undefined}>
            <th scope="row">
              <button type="button" aria-pressed={index === chosen} onClick={() => choose(index)}>
                {index + 1}. {nameOf(one.label)}
                {lack(one) ? (
                  <span className="lacks"> {t("lacks {what}", { what: lack(one) ?? "" })}</span>
                ) : null}
              </button>
            </th>
            {edges.map((edge) => (
              <td key={edge}>{timeOf(one, edge)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface EditorProps {
  options: SegmentOptions;
  segment: Segment;
  number: number;
  edges: readonly Edge[];
  here_s: number;
  nudge(edge: Edge, steps: number): void;
  revise(part: Partial<Segment>): void;
  remove(): void;
}

function SegmentEditor({ options, segment, number, edges, here_s, nudge, revise, remove }: EditorProps) {
  return (
    <fieldset className="segment-editor">
      <legend>{t("Change number {number}", { number: number })}</legend>
      {edges.map((edge) => (
        <div key={edge} className="nudge">
          <span>{t(EDGES[edge])}</span>
          <button
            type="button"
            aria-label={t("{edge} earlier", { edge: t(EDGES[edge]) })}
            onClick={() => nudge(edge, -1)}
          >
            −
          </button>
          <span className="clock">{timeOf(segment, edge)}</span>
          <button
            type="button"
            aria-label={t("{edge} later", { edge: t(EDGES[edge]) })}
            onClick={() => nudge(edge, 1)}
          >
            +
          </button>
          <button
            type="button"
            aria-label={t("{edge} here", { edge: t(EDGES[edge]) })}
            onClick={() => revise({ [edge]: here_s })}
          >
            {t("here")}
          </button>
        </div>
      ))}
      <Pick
        name={t("What")}
        choices={options.labels}
        value={segment.label}
        onPick={(key) => revise({ label: key })}
      />
      {options.attributes.map((attribute) => (
        <Pick
          key={attribute.key}
          name={attribute.name}
          choices={attribute.choices}
          value={segment.attributes[attribute.key] ?? ""}
          onPick={(key) => revise({ attributes: { ...segment.attributes, [attribute.key]: key } })}
        />
      ))}
      <button type="button" className="danger" onClick={remove}>
        {t("Delete")}
      </button>
    </fieldset>
  );
}

const percent = (part_s: number, duration_s: number): string => `${(100 * part_s) / duration_s}%`;

function Mark({ segment, duration_s, chosen }: { segment: Segment; duration_s: number; chosen: boolean }) {
  const end_s = segment.end_s ?? duration_s;
  const shape = segment.end_s === null ? " open" : "";
  return (
    <>
      <div
        className={`lane-mark${shape}${chosen ? " chosen" : ""}`}
        style={{
          left: percent(segment.start_s, duration_s),
          width: percent(end_s - segment.start_s, duration_s),
        }}
      />
      {segment.apex_s === null ? null : (
        <div className="lane-apex" style={{ left: percent(segment.apex_s, duration_s) }} />
      )}
    </>
  );
}

function Pending({ from_s, to_s, duration_s }: { from_s: number; to_s: number; duration_s: number }) {
  const length_s = Math.max(to_s - from_s, 0);
  return (
    <div
      className="lane-mark pending"
      style={{ left: percent(from_s, duration_s), width: percent(length_s, duration_s) }}
    />
  );
}

function Pick({
  name,
  choices,
  value,
  onPick,
}: {
  name: string;
  choices: readonly Named[];
  value: string;
  onPick(key: string): void;
}) {
  return (
    <label className="pick">
      <span>{name}</span>
      <select value={value} onChange={(event) => onPick(event.target.value)}>
        {value === "" ? <option value="">{t("choose")}</option> : null}
        {choices.map((one) => (
          <option key={one.key} value={one.key}>
            {one.name}
          </option>
        ))}
      </select>
    </label>
  );
}

const named = (reader: OptionReader): Named => ({
  key: reader.text("key"),
  name: reader.text("name"),
  definition: reader.text("definition", ""),
});

function oneOf<T extends string>(reader: OptionReader, option: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === reader.text(option, allowed[0]));
  if (found === undefined) throw reader.wrong(option, allowed.map((one) => `"${one}"`).join(" or "));
  return found;
}

const NOT_LIMITED = -1;
const positive = (value: number): number | null => (value > 0 ? value : null);

export const questionType = defineField<SegmentOptions>({
  type: "segments",
  keys: [
    { keys: "K", does: "play or pause" },
    { keys: ", .", does: "one step back or on" },
    { keys: "J L", does: "one second back or on" },
    { keys: "I O", does: "it begins or ends here" },
    { keys: "G", does: "it goes on, where that is allowed" },
    { keys: "P", does: "it is strongest here, where that is asked" },
    { keys: "N B", does: "choose the next or the one before" },
    { keys: "[ ]", does: "begin earlier or later" },
    { keys: "{ }", does: "end earlier or later" },
    { keys: "Delete", does: "delete the chosen one" },
    { keys: "Ctrl+Z, Ctrl+Y", does: "undo, redo" },
    { keys: "+ −", does: "zoom the timeline" },
  ],
  readOptions(reader) {
    const labels = reader.each("labels", named);
    if (labels.length === 0) throw reader.wrong("labels", "a list with at least one label");
    return {
      labels,
      attributes: reader.each(
        "attributes",
        (one) => ({
          key: one.text("key"),
          name: one.text("name"),
          choices: one.each("choices", named),
          required: one.flag("required", true),
        }),
        [],
      ),
      overlap: oneOf(reader, "overlap", ["none", "labels", "any"]),
      openEnd: reader.flag("open_end", false),
      apex: oneOf(reader, "apex", ["none", "optional", "required"]),
      snap: oneOf(reader, "snap", ["none", "step", "frames"]),
      step_s: positive(reader.number("step_s", NOT_LIMITED)),
      minLength_s: reader.number("min_length_s", 0),
      most: positive(reader.number("max_segments", NOT_LIMITED)),
    };
  },
  problem(value, options, question) {
    const segments = segmentsOf(value);
    if (segments === null) {
      return question.required ? t("Please mark what there is, or say that there is nothing to mark.") : null;
    }
    for (const [index, segment] of segments.entries()) {
      const what = lacks(segment, options);
      if (what) return t("Number {number} lacks {what}.", { number: index + 1, what });
    }
    return null;
  },
  View: SegmentsView,
});
