import { useEffect, useRef } from "react";
import { Link, useSearchParams } from "wouter";
import { figure, jobName, span, when, words } from "../data/format";
import type { Job, Page as PageOf } from "../data/shapes";
import { useApi, useList } from "../data/useApi";
import { StateBadge } from "../parts/Badge";
import { Choices } from "../parts/Choices";
import { type Column, DataTable } from "../parts/DataTable";
import { busy, JobProgress } from "../parts/Jobs";
import { Page, Section } from "../parts/Page";
import { Empty, More, Shown } from "../parts/States";

const ROOMS: Record<string, string> = { corpus: "/corpora", study: "/studies", dataset: "/datasets" };

function Scope({ scope }: { scope: string }) {
  const [kind = "", name = ""] = scope.split(":");
  const room = ROOMS[kind];
  return room && name ? <Link href={`${room}/${name}`}>{name}</Link> : scope;
}

const took = ({ started_at, finished_at }: Job) =>
  started_at && finished_at ? (Date.parse(finished_at) - Date.parse(started_at)) / 1000 : null;

function How({ job }: { job: Job }) {
  if (busy(job)) return <JobProgress job={job} />;
  if (job.error)
    return (
      <span>
        {job.error.message} <code>{job.error.code}</code>
      </span>
    );
  const { version } = (job.result ?? {}) as { version?: string };
  const told = version ?? job.progress.message;
  return told ? <span className="soft path">{told}</span> : null;
}

const COLUMNS: Column<Job>[] = [
  {
    label: "Job",
    cell: (job) => <span className="nowrap">{jobName(job.kind)}</span>,
    csv: (job) => job.kind,
  },
  { label: "About", cell: (job) => <Scope scope={job.scope} />, csv: (job) => job.scope },
  { label: "State", cell: (job) => <StateBadge state={job.state} />, csv: (job) => job.state },
  { label: "Progress or error", cell: (job) => <How job={job} />, csv: (job) => job.error?.message },
  { label: "Attempt", figures: true, cell: (job) => job.attempt, csv: (job) => job.attempt },
  {
    label: "Asked for",
    cell: (job) => <span className="nowrap">{when(job.created_at)}</span>,
    csv: (job) => job.created_at,
  },
  {
    label: "Took",
    figures: true,
    cell: (job) => {
      const seconds = took(job);
      if (seconds === null) return "–";
      return <span className="nowrap">{seconds < 60 ? `${figure(seconds, 1)} s` : span(seconds)}</span>;
    },
    csv: took,
  },
];

const POLL_MS = 3000;

const STATES = ["", "running", "queued", "failed", "succeeded"];

export function JobsPage() {
  const [search, setSearch] = useSearchParams();
  const state = search.get("state") ?? "";
  const path = state ? `jobs/?state=${encodeURIComponent(state)}` : "jobs/";
  const jobs = useList<Job>(path);
  // The first page is asked for again and again; the list is fetched anew when anything in it has changed.
  const newest = useApi<PageOf<Job>>(`${path}#newest`, () => POLL_MS);
  const told = JSON.stringify(
    newest.data?.results.map(({ id, state, progress }) => [id, state, progress.done]),
  );
  const before = useRef(told);
  const { reload } = jobs;
  useEffect(() => {
    if (before.current !== undefined && before.current !== told) reload();
    before.current = told;
  }, [told, reload]);
  return (
    <Page title="Jobs">
      <Section title="Background work, newest first">
        <Choices
          name="State"
          choices={STATES.map((key) => ({ key, label: key ? words(key) : "All" }))}
          chosen={state}
          onChoose={(key) => setSearch(key ? { state: key } : {}, { replace: true })}
        />
        <Shown of={jobs}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty title={state ? `No job is ${state}.` : "Nothing has been asked for yet."}>
                <p>Reading files, analyses and releases run as jobs and are shown here.</p>
              </Empty>
            ) : (
              <DataTable
                caption="Jobs"
                columns={COLUMNS}
                rows={rows}
                rowKey={({ id }) => id}
                csvName="jobs"
              />
            )
          }
        </Shown>
        <More of={jobs} />
      </Section>
    </Page>
  );
}
