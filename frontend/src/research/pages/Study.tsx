import { useCallback, useState } from "react";
import { Link } from "wouter";
import { api, explain } from "../data/api";
import { count, plural, when, words } from "../data/format";
import { dimensionsOf, isContinuous, labelsOf } from "../data/questions";
import type { Agreement, Job, Question, Study, StudyItem } from "../data/shapes";
import { QUIET_MS, useApi, useList } from "../data/useApi";
import { type AgreementRow, AgreementTable } from "../parts/AgreementTable";
import { Badge, Simulated, StateBadge } from "../parts/Badge";
import { CopyButton } from "../parts/Copy";
import { DataTable } from "../parts/DataTable";
import { busy, JobLine, useJobs } from "../parts/Jobs";
import { Labels } from "../parts/Labels";
import { Facts, Page, Section } from "../parts/Page";
import { Reviews } from "../parts/Reviews";
import { Empty, More, Shown } from "../parts/States";
import { Thumb } from "../parts/Thumb";
import "./Study.css";

const STATES = ["invited", "consented", "rating", "completed", "withdrawn"];

function Invite({ path }: { path: string }) {
  const link = window.location.origin + path;
  return (
    <div className="invite">
      <span className="soft">Invite link for raters, who need no account</span>
      <div className="secret-line">
        <a href={link}>{link}</a>
        <CopyButton text={link} what="the invite link" />
      </div>
    </div>
  );
}

function Participations({ study }: { study: Study }) {
  const kinds = Object.entries(study.participations);
  if (kinds.length === 0)
    return (
      <Empty title={study.imported ? "The responses came from a file." : "Nobody has arrived yet."}>
        {study.imported ? null : <p>Send the invite link to raters.</p>}
      </Empty>
    );
  const states = STATES.filter((state) => kinds.some(([, found]) => found[state]));
  return (
    <DataTable
      caption="Participations by kind of rater and state"
      columns={[
        {
          label: "Raters",
          cell: ([kind]) => (kind === "simulated" ? <Simulated /> : kind),
          csv: ([kind]) => kind,
        },
        ...states.map((state) => ({
          label: words(state),
          figures: true,
          cell: ([, found]: (typeof kinds)[number]) => count(found[state] ?? 0),
          csv: ([, found]: (typeof kinds)[number]) => found[state] ?? 0,
        })),
      ]}
      rows={kinds}
      rowKey={([kind]) => kind}
      csvName={`${study.slug}-participations`}
    />
  );
}

function asked(question: Question): string {
  const labels = labelsOf(question);
  if (labels.length > 0) return labels.map(({ name }) => name).join(", ");
  return dimensionsOf(question)
    .map(({ name, min, max }) => `${name} ${min} to ${max}`.replaceAll("-", "−"))
    .join(", ");
}

function Questions({ questions }: { questions: readonly Question[] }) {
  return (
    <ul className="questions">
      {questions.map((question) => (
        <li key={question.key}>
          <p>
            <strong>{question.prompt}</strong>
          </p>
          <p className="soft small-text">
            <code>{question.key}</code> · {question.type} · {asked(question)}
          </p>
        </li>
      ))}
    </ul>
  );
}

export const agreementRows = (rows: readonly Agreement[]): AgreementRow[] =>
  rows.map((row, i) => ({
    key: String(i),
    about: row.question,
    dimension: row.dimension,
    condition: row.condition,
    measure: row.measure,
    value: row.value,
    low: row.ci_low,
    high: row.ci_high,
    units: row.n_units_used,
    dropped: row.n_units_dropped,
    raters: row.n_raters,
    convention: row.convention,
    reason: row.reason,
    details: row.details,
    exposed: row.exposed,
  }));

function MadeFrom({ analysis }: { analysis: NonNullable<Study["analysis"]> }) {
  const { made_from, finished_at, code_version } = analysis;
  const raters = Object.entries(made_from.raters).map(([kind, n]) => `${count(n)} ${kind}`);
  const left = Object.entries(made_from.excluded).map(([reason, n]) => `${count(n)} ${reason}`);
  return (
    <>
      Made {when(finished_at)} from {plural(made_from.responses, "response")} of {raters.join(", ")} raters
      {made_from.exposed > 0 ? `; ${count(made_from.exposed)} given after something was shown` : ""}
      {left.length > 0 ? `; left out: ${left.join(", ")}` : ""}. Version {code_version}.
    </>
  );
}

function AgreementSection({
  study,
  working,
  onAsked,
}: {
  study: Study;
  working: boolean;
  onAsked: () => void;
}) {
  const [error, setError] = useState<string | null>(null);
  const path = study.analysis
    ? `studies/${study.slug}/agreement/?item=none#${study.analysis.finished_at}`
    : null;
  const agreement = useList<Agreement>(path);
  const analyse = async () => {
    setError(null);
    try {
      await api.post<Job>(`studies/${study.slug}/analyse/`);
      onAsked();
    } catch (reason) {
      setError(explain(reason));
    }
  };
  return (
    <Section
      title="Agreement"
      note={study.analysis ? <MadeFrom analysis={study.analysis} /> : null}
      actions={
        <button type="button" disabled={working} onClick={() => void analyse()}>
          {study.analysis ? "Analyse again" : "Analyse"}
        </button>
      }
    >
      {error ? (
        <p className="field-error" role="alert">
          {error}
        </p>
      ) : null}
      {study.analysis ? (
        <Shown of={agreement}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty title="There is nothing to compare yet.">
                <p>Agreement needs an item that two raters have answered.</p>
              </Empty>
            ) : (
              <AgreementTable
                rows={agreementRows(rows)}
                caption="Agreement by question"
                name={`${study.slug}-agreement`}
              />
            )
          }
        </Shown>
      ) : (
        <Empty title="Nothing has been computed yet.">
          <p>An analysis starts by itself when responses arrive.</p>
        </Empty>
      )}
      <More of={agreement} />
    </Section>
  );
}

function ItemRow({ study, item }: { study: Study; item: StudyItem }) {
  const continuous = study.protocol.questions.some(isContinuous);
  const linked = continuous && item.responses > 0;
  return (
    <li className="study-item">
      <div className="study-item-head">
        <Thumb kind={item.kind} picture={item.picture} text={item.text} />
        <p className="item-title" title={item.key}>
          {linked ? <Link href={`/studies/${study.slug}/items/${item.id}`}>{item.title}</Link> : item.title}
        </p>
        <p className="soft small-text tabular">{plural(item.responses, "response")}</p>
      </div>
      {study.protocol.questions.map((question) => (
        <Labels
          key={question.key}
          question={question}
          labels={item.labels}
          picture={item.kind === "image" ? item.picture : null}
        />
      ))}
      {item.parts
        .filter(({ labels }) => labels.length > 0)
        .map((part) => (
          <div key={part.name} className="study-part">
            <p className="small-text">
              <span className="soft">{part.name}</span> <span title={part.key}>{part.title}</span>
            </p>
            {study.protocol.questions.map((question) => (
              <Labels key={question.key} question={question} labels={part.labels} />
            ))}
          </div>
        ))}
    </li>
  );
}

function Items({ study }: { study: Study }) {
  const items = useList<StudyItem>(`studies/${study.slug}/items/#${study.analysis?.finished_at ?? ""}`);
  return (
    <Section title="Items and labels">
      <Shown of={items}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="The study has no items." />
          ) : (
            <ul className="study-items">
              {rows.map((item) => (
                <ItemRow key={item.id} study={study} item={item} />
              ))}
            </ul>
          )
        }
      </Shown>
      <More of={items} />
    </Section>
  );
}

const SKIP_REASONS: Record<string, string> = {
  disturbing: "content disturbs",
  technical: "does not show or play",
  cannot_judge: "cannot judge",
  no_partner: "nobody came to talk to",
  unsaid: "no reason given",
};

/** How many items raters left out, by reason; nothing where none. */
function skippedOf(skips: Record<string, number>): [string, string][] {
  const told = Object.entries(skips).map(([reason, n]) => `${count(n)} ${SKIP_REASONS[reason] ?? reason}`);
  return told.length > 0 ? [["Skipped", told.join(", ")]] : [];
}

/** What raters are shown before they answer; nothing where they answer by themselves. */
function reviewOf(review: Study["review"]): [string, string][] {
  if (!review) return [];
  if (review.kind === "proposal")
    return [["Review", `raters see a proposal (${review.source}) for the items of ${review.base}`]];
  const why = (review.criteria ?? []).join(" or ");
  return [["Consensus", `round ${review.round}: raters see all answers to ${review.base} where ${why}`]];
}

export function StudyPage({ slug }: { slug: string }) {
  const study = useApi<Study>(`studies/${slug}/`, () => QUIET_MS);
  const { reload } = study;
  const done = useCallback(() => reload(), [reload]);
  const jobs = useJobs(`study:${slug}`, done);
  const rows = jobs.data?.results ?? [];
  return (
    <Page
      title={study.data?.title ?? slug}
      crumbs={[{ label: "Studies", href: "/studies" }]}
      aside={
        study.data ? (
          study.data.imported ? (
            <Badge>imported</Badge>
          ) : (
            <StateBadge state={study.data.state} />
          )
        ) : null
      }
    >
      <Shown of={study}>
        {(found) => (
          <>
            {found.invite_path ? <Invite path={found.invite_path} /> : null}
            <Facts
              of={[
                ["Protocol", `${found.protocol.title} (${found.protocol.name} ${found.protocol.version})`],
                ["Perspective", found.protocol.perspective],
                ["Items", count(found.items)],
                ["Responses", count(found.responses)],
                ...reviewOf(found.review),
                ...skippedOf(found.skips),
              ]}
            />
            <JobLine jobs={rows} />
            <AgreementSection study={found} working={rows.some(busy)} onAsked={jobs.reload} />
            <div className="columns">
              <Section title="Participations">
                <Participations study={found} />
              </Section>
              <Section title="Questions">
                <Questions questions={found.protocol.questions} />
              </Section>
            </div>
            <Reviews study={found} />
            <Items study={found} />
          </>
        )}
      </Shown>
    </Page>
  );
}
