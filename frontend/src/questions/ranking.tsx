import { useEffect, useRef, useState } from "react";
import type { JsonObject } from "../api/types";
import { t } from "../words/words";
import { defineField, type FieldProps } from "./define";
import { isObject } from "./options";
import { type Candidate, candidatesOf, orderOf } from "./parts/candidates";
import {
  append,
  down,
  dropOn,
  isJoined,
  type Levels,
  levelsOf,
  ranksOf,
  remove,
  toggleTie,
  up,
} from "./parts/levels";
import { Complaint, Prompt, promptId } from "./parts/Prompt";
import "./ranking.css";

interface RankingOptions {
  ties: boolean;
  firstLabel: string;
  lastLabel: string;
}

function rankedIn(value: JsonObject | null): { [name: string]: number } {
  if (!isObject(value?.ranks)) return {};
  return Object.fromEntries(
    Object.entries(value.ranks).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}

interface RowProps {
  candidate: Candidate;
  rank: number;
  tied: boolean;
  /** Shares the place of the row above. */
  joined: boolean;
  first: boolean;
  last: boolean;
  ties: boolean;
  change(next: (levels: Levels, name: string) => Levels): void;
  onGrab(): void;
}

function Row({ candidate, rank, tied, joined, first, last, ties, change, onGrab }: RowProps) {
  const { name, label } = candidate;
  return (
    <li className={tied ? "ranked tied" : "ranked"} data-name={name}>
      <span className="rank">{rank}</span>
      {/* The buttons do the same for those who do not drag. */}
      <span className="grip" aria-hidden="true" onPointerDown={onGrab}>
        ⋮⋮
      </span>
      <span className="ranked-name" dir="auto">
        {label}
      </span>
      <span className="row-tools">
        {ties ? (
          <button
            type="button"
            className="quiet"
            aria-pressed={joined}
            aria-label={t("{part}: same place as the one above", { part: label })}
            aria-disabled={first}
            onClick={() => change(toggleTie)}
          >
            =
          </button>
        ) : null}
        <button
          type="button"
          className="quiet"
          aria-label={t("Move {part} up", { part: label })}
          aria-disabled={first && !tied}
          onClick={() => change(up)}
        >
          ↑
        </button>
        <button
          type="button"
          className="quiet"
          aria-label={t("Move {part} down", { part: label })}
          aria-disabled={last && !tied}
          onClick={() => change(down)}
        >
          ↓
        </button>
        <button
          type="button"
          className="quiet"
          aria-label={t("Take {part} out of the order", { part: label })}
          onClick={() => change(remove)}
        >
          ×
        </button>
      </span>
    </li>
  );
}

/** The name of the row at this height of the window. */
function rowAt(list: HTMLElement | null, clientY: number): string | undefined {
  const rows = [...(list?.querySelectorAll<HTMLElement>("[data-name]") ?? [])];
  const over = rows.find((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return clientY >= top && clientY < bottom;
  });
  return over?.dataset.name;
}

function RankingView(props: FieldProps & { options: RankingOptions }) {
  const { question, item, options, value, complaint, onChange } = props;
  const list = useRef<HTMLOListElement>(null);
  const dragging = useRef<AbortController | null>(null);
  useEffect(() => () => dragging.current?.abort(), []);
  const pool = useRef<HTMLFieldSetElement>(null);
  const lostFocus = useRef(false);
  useEffect(() => {
    if (!lostFocus.current) return;
    lostFocus.current = false;
    (pool.current?.querySelector("button") ?? list.current)?.focus();
  });
  const [said, setSaid] = useState("");
  const all = candidatesOf(item);
  const order = orderOf(item);
  const levels = levelsOf(rankedIn(value), order);
  const unranked = all.filter(({ name }) => !levels.flat().includes(name));
  const labelOf = (name: string): string => all.find((one) => one.name === name)?.label ?? name;

  const put = (next: Levels, name: string) => {
    // The button that was pressed goes away with its name.
    lostFocus.current = next.flat().length !== levels.flat().length;
    const ranks = ranksOf(next);
    onChange(next.length > 0 ? { ranks, order } : null);
    const rank = ranks[name];
    setSaid(
      rank === undefined
        ? t("{part} is not in the order", { part: labelOf(name) })
        : t("{part} is number {rank}", { part: labelOf(name), rank }),
    );
  };

  const drag = (name: string) => {
    dragging.current?.abort();
    const controller = new AbortController();
    dragging.current = controller;
    const { signal } = controller;
    let at: Levels = levels;
    // The row that is dragged moves in the document, so the window listens in its place.
    const listen = (
      type: "pointermove" | "pointerup" | "pointercancel",
      act: (event: PointerEvent) => void,
    ) => window.addEventListener(type, act, { signal });
    listen("pointerup", () => controller.abort());
    listen("pointercancel", () => controller.abort());
    listen("pointermove", ({ clientY }) => {
      const target = rowAt(list.current, clientY);
      if (!target || target === name) return;
      at = dropOn(at, name, target);
      put(at, name);
    });
  };

  const rows = levels.flatMap((level, index) =>
    level.map((name) => ({ name, rank: index + 1, tied: level.length > 1, joined: isJoined(levels, name) })),
  );
  return (
    <section className="question">
      <Prompt question={question} />
      {unranked.length > 0 ? (
        <fieldset className="pool" ref={pool} aria-label={t("Not in the order yet")}>
          <span className="hint">{t("Choose in the order of your answer:")}</span>
          {unranked.map(({ name, label }) => (
            <button key={name} type="button" onClick={() => put(append(levels, name), name)}>
              {label}
            </button>
          ))}
        </fieldset>
      ) : null}
      {rows.length > 0 ? (
        <>
          <p className="rank-end">{options.firstLabel}</p>
          <ol className="ranking" ref={list} tabIndex={-1} aria-labelledby={promptId(question)}>
            {rows.map(({ name, rank, tied, joined }, place) => (
              <Row
                key={name}
                candidate={{ name, label: labelOf(name) }}
                rank={rank}
                tied={tied}
                joined={joined}
                first={place === 0}
                last={place === rows.length - 1}
                ties={options.ties}
                change={(next) => put(next(levels, name), name)}
                onGrab={() => drag(name)}
              />
            ))}
          </ol>
          <p className="rank-end">{options.lastLabel}</p>
        </>
      ) : null}
      <p className="spoken" role="status">
        {said}
      </p>
      <Complaint text={complaint} />
    </section>
  );
}

export const questionType = defineField<RankingOptions>({
  type: "ranking",
  keys: [{ keys: "Tab Enter", does: t("put in order with the buttons of each row") }],
  readOptions: (reader) => ({
    ties: reader.flag("ties", false),
    firstLabel: reader.text("first_label", t("Most")),
    lastLabel: reader.text("last_label", t("Least")),
  }),
  problem(value, _options, question) {
    if (value === null) return question.required ? t("Please put all of them in order.") : null;
    const asked = Array.isArray(value.order) ? value.order.length : 0;
    const left = asked - Object.keys(rankedIn(value)).length;
    return left > 0 ? t("Please put all of them in order; {n} left.", { n: left }) : null;
  },
  View: RankingView,
});
