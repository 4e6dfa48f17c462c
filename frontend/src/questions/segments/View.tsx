import { useRef } from "react";
import { t } from "../../words/words";
import type { FieldProps } from "../define";
import { LabelChips } from "../parts/LabelChips";
import { MarkTools } from "../parts/MarkTools";
import { nameIn } from "../parts/markoptions";
import { Playhead } from "../parts/Playhead";
import { Complaint, Prompt, promptId } from "../parts/Prompt";
import { Transport } from "../parts/Transport";
import { endAfter, segmentsOf } from "../parts/timeline";
import { useKeys } from "../parts/useKeys";
import { useTransport } from "../parts/useTransport";
import { undoKeys } from "../parts/useUndo";
import { EdgeGrips } from "./EdgeGrips";
import { Lanes } from "./Lanes";
import { attributesOf, rulesOf, type SegmentOptions } from "./options";
import { SegmentEditor } from "./SegmentEditor";
import { SegmentTable } from "./SegmentTable";
import { edgesOf, lacks } from "./told";
import { useSegments } from "./useSegments";

export function View(props: FieldProps & { options: SegmentOptions }) {
  const { question, item, media, complaint } = props;
  const options = { ...props.options, attributes: attributesOf(props.options, item) };
  const section = useRef<HTMLElement>(null);
  const rules = rulesOf(options, item);
  const transport = useTransport(media, rules);
  const marks = useSegments(options, rules, transport, props);
  const { label, begun_s, chosen, answer, segments, selected, begin, finish, nudge, choose } = marks;
  const edges = edgesOf(options);
  const end = () => finish(endAfter(transport.here_s, rules));

  useKeys(section, {
    ...transport.keys,
    i: begin,
    o: end,
    g: options.openEnd ? () => finish(null) : null,
    p: options.apex === "none" ? null : () => marks.revise({ apex_s: transport.here_s }),
    "[": () => nudge("start_s", -1),
    "]": () => nudge("start_s", 1),
    "{": () => nudge("end_s", -1),
    "}": () => nudge("end_s", 1),
    n: () => choose(chosen === null ? 0 : chosen + 1),
    b: () => choose((chosen ?? segments.length) - 1),
    Delete: marks.remove,
    Backspace: marks.remove,
    ...undoKeys(marks.steps),
  });

  return (
    <section className="question segments" ref={section} aria-labelledby={promptId(question)}>
      <Prompt question={question} />
      <LabelChips name={question.key} labels={options.labels} chosen={label} onChoose={marks.setLabel} />
      <Playhead
        at_s={transport.at_s}
        duration_s={rules.duration_s}
        zoom={transport.zoom}
        onSeek={transport.seek}
      >
        <Lanes
          {...{ segments, chosen }}
          labels={options.labels}
          earlier={props.earlier.map((value) => segmentsOf(value) ?? [])}
          duration_s={rules.duration_s}
          pending={begun_s === null ? null : { label, from_s: begun_s, to_s: transport.at_s }}
        />
        <EdgeGrips
          {...{ segments, rules }}
          tracks={options.labels.map(({ key }) => key)}
          here_s={transport.here_s}
          onDrag={marks.place}
        />
      </Playhead>
      <Transport {...transport} />
      <div className="mark-tools">
        <button type="button" onClick={begin}>
          {t("It begins here")} <kbd aria-hidden="true">I</kbd>
        </button>
        <button type="button" onClick={end}>
          {t("It ends here")} <kbd aria-hidden="true">O</kbd>
        </button>
        {options.openEnd ? (
          <button type="button" onClick={() => finish(null)}>
            {t("It goes on")} <kbd aria-hidden="true">G</kbd>
          </button>
        ) : null}
        <MarkTools steps={marks.steps} open={answer === null} onNothing={marks.nothing} />
      </div>
      <p className="hint" role="status">
        {marks.said}
      </p>
      {segments.length > 0 ? (
        <SegmentTable
          {...{ segments, edges, chosen, choose }}
          nameOf={(key) => nameIn(options.labels, key)}
          lack={(one) => lacks(one, options)}
        />
      ) : null}
      {answer?.length === 0 ? (
        <p className="hint">{t("Nothing is marked, and that is your answer.")}</p>
      ) : null}
      {selected ? (
        <SegmentEditor
          {...{ options, edges, nudge }}
          segment={selected}
          number={(chosen ?? 0) + 1}
          here={(edge) => (edge === "end_s" ? endAfter(transport.here_s, rules) : transport.here_s)}
          revise={marks.revise}
          remove={marks.remove}
        />
      ) : null}
      <Complaint text={complaint} />
    </section>
  );
}
