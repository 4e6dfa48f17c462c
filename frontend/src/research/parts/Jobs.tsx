import { useEffect, useRef } from "react";
import { jobName, when } from "../data/format";
import type { Job, Page } from "../data/shapes";
import { type Loaded, useApi } from "../data/useApi";
import { Progress } from "./Progress";

const BUSY_MS = 1000;
const IDLE_MS = 15_000;

/** Stands for the id of the newest job that has ended. */
const BUSY = "busy";

export const busy = (job: Job) => job.state === "queued" || job.state === "running";

/** The newest jobs about something; `onDone` is called when another one has ended and none is busy. */
export function useJobs(scope: string, onDone: () => void): Loaded<Page<Job>> {
  const jobs = useApi<Page<Job>>(`jobs/?scope=${encodeURIComponent(scope)}`, (page) =>
    page.results.some(busy) ? BUSY_MS : IDLE_MS,
  );
  const rows = jobs.data?.results;
  const state = rows && (rows.some(busy) ? BUSY : (rows[0]?.id ?? "none"));
  const before = useRef(state);
  useEffect(() => {
    if (before.current && state !== BUSY && before.current !== state) onDone();
    before.current = state;
  }, [state, onDone]);
  return jobs;
}

export function JobProgress({ job }: { job: Job }) {
  const { done, total, rate_per_s, remaining_s, message } = job.progress;
  const doing = job.state === "queued" ? "waiting for a worker" : message || "running";
  const label = `${jobName(job.kind)}: ${doing}`;
  return (
    <Progress label={label} done={done} total={total} rate_per_s={rate_per_s} remaining_s={remaining_s} />
  );
}

/** What is being worked on now, or that the last attempt failed. */
export function JobLine({ jobs }: { jobs: readonly Job[] }) {
  const working = jobs.filter(busy);
  const last = jobs[0];
  if (working.length > 0)
    return (
      <div className="jobline" aria-live="polite">
        {working.slice(0, 3).map((job) => (
          <JobProgress key={job.id} job={job} />
        ))}
      </div>
    );
  if (last?.state === "failed")
    return (
      <div className="problem" role="alert">
        <p>
          <strong>{jobName(last.kind)}</strong> failed {when(last.finished_at)}: {last.error?.message} (
          {last.error?.code})
        </p>
      </div>
    );
  return null;
}
