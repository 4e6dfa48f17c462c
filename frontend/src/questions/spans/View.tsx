import { useRef } from "react";
import { t } from "../../words/words";
import type { FieldProps } from "../define";
import { MarkList } from "../parts/MarkList";
import { MarkTools } from "../parts/MarkTools";
import { nameIn } from "../parts/markoptions";
import { Complaint, Prompt, promptId } from "../parts/Prompt";
import { markedOf, withoutSpan } from "../parts/spans";
import { useKeys } from "../parts/useKeys";
import { undoKeys } from "../parts/useUndo";
import type { SpanOptions } from "./options";
import { Relate } from "./Relate";
import { SpanText } from "./SpanText";
import { NOTHING, useSpans } from "./useSpans";
import "./spans.css";

const HUES = 6;

export function View(props: FieldProps & { options: SpanOptions }) {
  const { question, options, item, complaint } = props;
  const section = useRef<HTMLElement>(null);
  const { texts, pieces, anchor, caret, answer, marked, ...marking } = useSpans(
    options,
    item,
    section,
    props,
  );
  const { change, mark } = marking;
  const nameOf = (key: string) => nameIn(options.labels, key);
  const hueOf = (key: string) => options.labels.findIndex((one) => one.key === key) % HUES;
  const digits = options.labels
    .slice(0, 9)
    .map((label, index) => [String(index + 1), () => mark(label.key)] as const);
  useKeys(section, { ...Object.fromEntries(digits), ...undoKeys(marking.steps) });

  return (
    <section className="question spans" ref={section} aria-labelledby={promptId(question)}>
      <Prompt question={question} />
      <SpanText
        {...{ texts, pieces, anchor, caret, nameOf, hueOf }}
        spans={marked.spans}
        earlier={props.earlier.map((value) => markedOf(value)?.spans ?? [])}
        onGo={marking.go}
        onKey={marking.press}
      />
      <div className="mark-tools">
        {options.labels.map((label, index) => (
          <button
            key={label.key}
            type="button"
            className="span-label"
            data-hue={hueOf(label.key)}
            onClick={() => mark(label.key)}
          >
            {label.name} {index < 9 ? <kbd aria-hidden="true">{index + 1}</kbd> : null}
          </button>
        ))}
        <MarkTools steps={marking.steps} open={answer === null} onNothing={() => change(NOTHING, "")} />
      </div>
      <p className="hint" role="status">
        {answer?.spans.length === 0 ? t("Nothing is marked, and that is your answer.") : marking.said}
      </p>
      <MarkList
        marks={marked.spans.map((span) => ({
          told: (
            <span>
              <b>{nameOf(span.label)}</b> <q dir="auto">{span.text}</q>
            </span>
          ),
          removing: t("Remove {words}", { words: span.text }),
        }))}
        onRemove={(index) => change(withoutSpan(marked, index), t("Deleted."))}
      />
      {options.relations.map((relation) => (
        <Relate key={relation.key} {...{ relation, marked, texts, nameOf, change }} />
      ))}
      <Complaint text={complaint} />
    </section>
  );
}
