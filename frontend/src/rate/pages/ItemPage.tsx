import { Fragment, useCallback, useEffect, useMemo, useState } from "react";
import type { RateApi } from "../../api/rate";
import type { Assignment, JsonObject, Participation, SubmissionReceipt } from "../../api/types";
import { type Store, useStore } from "../../base/store";
import type { Medium } from "../../desk/medium";
import type { Desk } from "../../desk/services";
import { presenterFor } from "../../presenters/registry";
import type { BoundDesk, BoundField, BoundQuestion } from "../../questions/define";
import { later } from "../../words/Later";
import { t } from "../../words/words";
import { hidesContext, withoutContext } from "../context";
import { Reveal } from "../parts/Reveal";
import { SkipButton } from "../parts/SkipButton";
import { WhomToRate } from "../parts/WhomToRate";
import { hearHalts, type Parts, playedNow } from "../playing/played";
import type { PlayedStretch } from "../playing/playlog";
import { type SaveState, Workbench } from "../workbench";
import { Form } from "./ItemForm";

interface ItemPageProps {
  api: RateApi;
  db: IDBDatabase;
  assignment: Assignment;
  questions: readonly BoundQuestion[];
  save: Store<SaveState>;
  onSubmitted(receipt: SubmissionReceipt): void;
  onSkipped(participation: Participation): void;
  onSuperseded(): void;
  onLostPen(): void;
}

const LEASE_RENEWAL_MS = 60_000;
const MustPlay = later(() => import("../playing/MustPlay").then(({ MustPlay }) => MustPlay));

function useWorkbench(props: ItemPageProps): Workbench {
  const { api, db, assignment, save, onSubmitted, onSkipped, onSuperseded } = props;
  const [bench] = useState(
    () =>
      new Workbench({
        api,
        db,
        assignment,
        save,
        submitted: onSubmitted,
        skipped: onSkipped,
        superseded: onSuperseded,
      }),
  );
  useEffect(() => {
    bench.open().catch((error: Error) => {
      save.set({ kind: "unsafe", message: error.message });
      bench.state.patch({ problem: error.message });
    });
    const onVisibility = () => bench.visibility(!document.hidden);
    document.addEventListener("visibilitychange", onVisibility);
    const renewal = setInterval(() => void bench.renewLease(), LEASE_RENEWAL_MS);
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      clearInterval(renewal);
    };
  }, [bench, save]);
  return bench;
}

/** One item: first each question that plays the medium, then all others together. */
export function ItemPage(props: ItemPageProps) {
  const { api, db, questions, onLostPen } = props;
  const bench = useWorkbench(props);
  const { draft, submitting, problem } = useStore(bench.state);
  const [picked, setPicked] = useState<string | null>(null);
  const [item, setItem] = useState(props.assignment.item);
  const target = draft?.target ?? picked ?? item.target;
  const assignment = useMemo(
    () => ({ ...props.assignment, item: { ...item, target } }),
    [props.assignment, item, target],
  );
  const [media, setMedia] = useState<Medium | null>(null);
  const [parts, setParts] = useState<Parts>(new Map());
  const onMedia = useCallback((now: Medium | null, part?: string) => {
    if (part === undefined) setMedia(now);
    else
      setParts(
        (known) => new Map([...known].filter(([name]) => name !== part).concat(now ? [[part, now]] : [])),
      );
  }, []);
  const { must_play } = props.assignment.presentation;
  const [unplayed, setUnplayed] = useState(must_play !== null);
  const [early, setEarly] = useState(0);
  const onPlayed = (stretches: PlayedStretch[], done: boolean) => {
    bench.setPlayed({ stretches });
    setUnplayed(!done);
  };
  const onView = useCallback((view: JsonObject) => bench.setView(view), [bench]);
  const presenter = useMemo(() => presenterFor(item), [item]);

  const desk = useMemo<Desk>(
    () => ({
      api,
      db,
      assignment,
      traceId: (question) => bench.traceId(question),
      renewTrace: (question) => bench.renewTrace(question),
      report: (status) => bench.reportTrace(status),
      lostPen: onLostPen,
      lookAgain: async () => setItem((await api.assignment(assignment.id)).item),
      skip: (reason) => void bench.skip(reason),
      touched: (question) => bench.touch(question),
    }),
    [api, db, assignment, bench, onLostPen],
  );

  const desks = useMemo(
    () => questions.filter((bound): bound is BoundDesk => bound.layout === "desk"),
    [questions],
  );
  const fields = useMemo(
    () => questions.filter((bound): bound is BoundField => bound.layout === "field"),
    [questions],
  );
  const choosing = draft !== null && assignment.item.choose_from.length > 0 && draft.target === undefined;
  const current =
    draft && !choosing ? (desks.find(({ question }) => !draft.answers[question.key]?.value) ?? null) : null;

  const driven = current?.drives ?? false;

  useEffect(() => {
    if (current) bench.shown(current.question);
  }, [bench, current]);

  useEffect(() => {
    if (driven) return;
    const scope = hearHalts(media, parts, () => bench.setPlayed(playedNow(media, parts)));
    return () => scope.dispose();
  }, [bench, driven, media, parts]);

  const onDone = useCallback(
    (value: JsonObject, played: JsonObject) => {
      if (!current) return;
      bench.setPlayed(played);
      bench.setValue(current.question, value);
      const last = desks.at(-1) === current;
      if (last && fields.length === 0) void bench.submit();
    },
    [bench, current, desks, fields],
  );

  const { blur, skip } = assignment.presentation;
  const hidden = blur && !draft?.played.revealed_at && !current?.solo && !item.hidden;
  const reveal = useCallback(() => bench.reveal(), [bench]);
  const timed = fields.some((field) => field.timed);
  const { View } = presenter;
  const covered = hidesContext(item) && !draft?.played.context_shown_at;
  const shown = useMemo(
    () => (covered ? withoutContext(assignment.item) : assignment.item),
    [covered, assignment.item],
  );
  return (
    <main
      className={["bench", driven && "driven", item.hidden && "alone"].filter(Boolean).join(" ")}
      data-kind={item.kind}
    >
      {assignment.practice ? (
        <p className="practice-mark">{t("Practice: this one does not count.")}</p>
      ) : null}
      {current?.solo || item.hidden ? null : (
        // biome-ignore lint/a11y/noStaticElementInteractions: a click on a frame does what the names beside it do.
        // biome-ignore lint/a11y/useKeyWithClickEvents: as above.
        <div
          className={["stage", hidden && "blurred", choosing && "choosing"].filter(Boolean).join(" ")}
          inert={hidden}
          onClick={choosing ? (event) => setPicked(personAt(event.target) ?? picked) : undefined}
        >
          <View item={shown} driven={driven} timed={timed} onMedia={onMedia} onView={onView} />
          {covered ? (
            <button type="button" className="context-button" onClick={() => bench.showContext()}>
              {t("Show what else was said")}
            </button>
          ) : null}
        </div>
      )}
      <div className="answers">
        {draft === null ? <p className="calm">{t("Loading …")}</p> : null}
        {draft && hidden ? <Reveal onReveal={reveal} /> : null}
        {choosing && !hidden ? (
          <WhomToRate
            names={assignment.item.choose_from}
            picked={picked}
            onPick={setPicked}
            onBegin={(name) => bench.pick(name)}
          />
        ) : null}
        {current && !submitting && !hidden ? (
          <Fragment key={current.question.key}>{current.render({ desk, media, onDone })}</Fragment>
        ) : null}
        {must_play && draft && !hidden ? (
          <MustPlay
            rule={must_play}
            item={item}
            media={media}
            parts={parts}
            before={(draft.played.stretches ?? []) as PlayedStretch[]}
            early={early}
            onPlayed={onPlayed}
          />
        ) : null}
        {draft && !choosing && !current && !hidden && fields.length > 0 ? (
          <Form
            bench={bench}
            fields={fields}
            item={assignment.item}
            proposals={assignment.proposals}
            media={media}
            played={() => playedNow(media, parts)}
            onEarly={unplayed ? () => setEarly(early + 1) : null}
          />
        ) : null}
        {submitting && fields.length === 0 ? (
          <p className="calm" role="status">
            {t("Sending your rating …")}
          </p>
        ) : null}
        {problem ? (
          <div className="problem" role="alert">
            <p>{problem}</p>
            {fields.length === 0 ? (
              <button type="button" className="primary" onClick={() => void bench.submit()}>
                {t("Try again")}
              </button>
            ) : null}
          </div>
        ) : null}
        {skip ? <SkipButton busy={submitting} onSkip={(reason) => void bench.skip(reason)} /> : null}
      </div>
    </main>
  );
}

/** Whose frame was clicked. */
const personAt = (where: EventTarget): string | null =>
  (where as Element).closest<HTMLElement>("[data-person]")?.dataset.person ?? null;
