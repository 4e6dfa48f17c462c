import { useEffect, useState } from "react";
import type { Question } from "../api/types";
import { deviceFacts } from "../base/device";
import { insist } from "../rate/connection";
import { mustRestart, TraceSession } from "../trace/session";
import { type Desk, PAGE } from "./services";

export type TraceOpening =
  | { state: "opening" }
  | { state: "open"; session: TraceSession; traceId: string; restarted: boolean }
  | { state: "failed"; message: string };

async function open(
  desk: Desk,
  question: Question,
  start: readonly number[],
  traceId: string,
  gone: () => boolean,
): Promise<TraceSession> {
  const wait = (ms: number, then: () => void) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  };
  const changed = desk.report;
  const ports = { api: desk.api, db: desk.db, wait, random: Math.random, page: PAGE, changed };
  const place = {
    trace: traceId,
    assignment: desk.assignment.id,
    question: question.key,
    device: deviceFacts(),
    start,
  };
  const attempt = () => {
    if (gone()) throw new Error("The question is not asked any more.");
    return TraceSession.open(ports, place);
  };
  return insist(attempt, () => undefined);
}

/** Opens the question's trace, continuing what an earlier page recorded; begins anew only where that is lost. */
async function openOrRestart(
  desk: Desk,
  question: Question,
  start: readonly number[],
  gone: () => boolean,
): Promise<TraceOpening> {
  let traceId = await desk.traceId(question);
  try {
    const session = await open(desk, question, start, traceId, gone);
    return { state: "open", session, traceId, restarted: false };
  } catch (error) {
    if (!mustRestart(error)) throw error;
    traceId = await desk.renewTrace(question);
    const session = await open(desk, question, start, traceId, gone);
    return { state: "open", session, traceId, restarted: true };
  }
}

export function useTrace(
  desk: Desk,
  question: Question,
  start: readonly number[],
  attempt: number,
): TraceOpening {
  const [opening, setOpening] = useState<TraceOpening>({ state: "opening" });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a question's options never change; `attempt` reopens.
  useEffect(() => {
    let gone = false;
    let session: TraceSession | null = null;
    setOpening({ state: "opening" });
    openOrRestart(desk, question, start, () => gone).then(
      (opened) => {
        if (opened.state === "open") session = opened.session;
        if (gone) session?.abandon();
        else setOpening(opened);
      },
      (error: unknown) => {
        if (!gone)
          setOpening({ state: "failed", message: error instanceof Error ? error.message : String(error) });
      },
    );
    // As long as there is something to send: also when the instrument is gone and only the last part waits.
    const hurry = () => session?.hurry();
    window.addEventListener("online", hurry);
    return () => {
      gone = true;
      window.removeEventListener("online", hurry);
      session?.abandon();
    };
  }, [desk, question.key, attempt]);
  return opening;
}
