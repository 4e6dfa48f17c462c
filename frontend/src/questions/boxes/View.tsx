import { useRef, useState } from "react";
import type { JsonObject } from "../../api/types";
import { t } from "../../words/words";
import type { FieldProps } from "../define";
import { answerOfBoxes, type Box, boxesOf, central } from "../parts/boxes";
import { LabelChips } from "../parts/LabelChips";
import { MarkList } from "../parts/MarkList";
import { MarkTools } from "../parts/MarkTools";
import { nameIn } from "../parts/markoptions";
import { Complaint, Prompt, promptId } from "../parts/Prompt";
import { clockText } from "../parts/timeline";
import { useKeys } from "../parts/useKeys";
import { useMediaTime } from "../parts/useMediaTime";
import { undoKeys, useUndo } from "../parts/useUndo";
import { Frame } from "./Frame";
import { Surface } from "./Surface";
import "./boxes.css";

import type { BoxOptions } from "./options";

const SAME_FRAME_S = 0.02;

export function View({
  question,
  options,
  item,
  media,
  value,
  earlier,
  complaint,
  onChange,
}: FieldProps & { options: BoxOptions }) {
  const section = useRef<HTMLElement>(null);
  const surface = useRef<HTMLDivElement>(null);
  const at_s = useMediaTime(media);
  const [label, setLabel] = useState(options.labels[0]?.key ?? "");
  const [said, setSaid] = useState("");
  const undoing = useUndo<JsonObject | null>(value, onChange);
  const answer = boxesOf(value);
  const boxes = answer ?? [];
  const moving = item.kind === "video";
  const here = (box: Box) => box.at_s === undefined || Math.abs(box.at_s - at_s) <= SAME_FRAME_S;
  const nameOf = (key: string) => nameIn(options.labels, key);
  const set = (next: readonly Box[]) => undoing.change(answerOfBoxes(next));
  const focusBox = (index: number) =>
    surface.current?.querySelector<HTMLElement>(`[data-box="${index}"]`)?.focus();
  const add = (box: Box) => {
    if (options.most !== null && boxes.length >= options.most)
      return setSaid(t("No more can be marked here."));
    media?.pause();
    set([...boxes, moving ? { ...box, at_s: Number(at_s.toFixed(6)) } : box]);
    setSaid(t("Added: {label}.", { label: nameOf(box.label) }));
    requestAnimationFrame(() => focusBox(boxes.length));
  };
  const remove = (index: number) => {
    set(boxes.filter((_, place) => place !== index));
    setSaid(t("Deleted."));
  };
  const choose = (index: number) => {
    const box = boxes[index];
    if (media && box?.at_s !== undefined) {
      media.pause();
      media.currentTime = box.at_s;
    }
    setTimeout(() => focusBox(index), 0);
  };
  useKeys(section, { b: () => add(central(label)), ...undoKeys(undoing) });

  return (
    <section className="question boxes" ref={section} aria-labelledby={promptId(question)}>
      <Prompt question={question} />
      <LabelChips name={question.key} labels={options.labels} chosen={label} onChoose={setLabel} />
      <Surface
        ref={surface}
        {...{ boxes, label, nameOf }}
        least={options.least}
        earlier={earlier.flatMap((one) => boxesOf(one) ?? [])}
        shows={here}
        onDraw={add}
        onReplace={(index, box) => set(boxes.map((own, place) => (place === index ? box : own)))}
        onRemove={remove}
      >
        {moving ? (
          <Frame media={media} at_s={at_s} />
        ) : (
          <img src={item.media.proxy?.url} alt={t("The picture to mark")} draggable={false} />
        )}
      </Surface>
      <div className="mark-tools">
        <button type="button" onClick={() => add(central(label))}>
          {t("New box")} <kbd aria-hidden="true">B</kbd>
        </button>
        <MarkTools steps={undoing} open={answer === null} onNothing={() => set([])} />
      </div>
      <p className="hint" role="status">
        {answer?.length === 0 ? t("Nothing is marked, and that is your answer.") : said}
      </p>
      <MarkList
        marks={boxes.map((box, index) => ({
          told: (
            <button type="button" onClick={() => choose(index)}>
              {nameOf(box.label)}
              {box.at_s === undefined ? null : ` ${clockText(box.at_s)}`}
            </button>
          ),
          removing: t("Remove number {number}", { number: index + 1 }),
        }))}
        onRemove={remove}
      />
      <Complaint text={complaint} />
    </section>
  );
}
