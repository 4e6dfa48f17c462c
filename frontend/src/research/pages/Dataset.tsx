import { useCallback, useState } from "react";
import { Link } from "wouter";
import { newUuid } from "../../base/uuid";
import { api, explain } from "../data/api";
import { plural, tableCounts, when } from "../data/format";
import { ruleText } from "../data/recipe";
import type { Dataset, Draft, Job, LastCheck, Release, Scheme } from "../data/shapes";
import { inOrder } from "../data/splits";
import { useApi, useList } from "../data/useApi";
import { Badge, StateBadge } from "../parts/Badge";
import { CheckReport } from "../parts/CheckReport";
import { Digest } from "../parts/Copy";
import { type Column, DataTable } from "../parts/DataTable";
import { Drafts } from "../parts/Drafts";
import { JobLine, useJobs } from "../parts/Jobs";
import { ModelRepository, sameMajor } from "../parts/ModelRepository";
import { NewReleaseDialog } from "../parts/NewRelease";
import { Facts, Page, Section } from "../parts/Page";
import { Empty, More, Shown } from "../parts/States";

/** Kind of the job that makes a dry run. */
const CHECK = "exports.check";

const MEDIA: Record<NonNullable<Dataset["recipe"]["media"]>, string> = {
  none: "none",
  proxy: "browser copies are part of it",
  full: "originals and browser copies are part of it",
};

const shares = (ratios: Readonly<Record<string, number>>) =>
  inOrder(ratios)
    .map(([role, share]) => `${role} ${share}`)
    .join(" : ");

/** What a scheme does, in a line. */
function schemeRule(scheme: Scheme): string {
  switch (scheme.kind) {
    case "ratio":
    case "crossed":
    case "rater":
      return shares(scheme.ratios ?? {});
    case "kfold":
      return `${scheme.folds} folds`;
    case "loso":
      return `one ${scheme.key} left out at a time`;
    case "temporal":
      return `${scheme.parts.map(({ role, share }) => `${role} ${share}`).join(" : ")}, ${scheme.guard_s} s between`;
    case "date":
      return `${scheme.field}: ${scheme.cuts.map(({ before, role }) => `${role} ${before ? `before ${before}` : "after"}`).join(", ")}`;
    case "official":
      return scheme.field
        ? `as ${scheme.field} says`
        : `a list of ${plural(Object.keys(scheme.roles ?? {}).length, "item")}`;
  }
}

const keptApart = (scheme: Scheme) =>
  scheme.kind === "loso" ? [scheme.key] : "keys" in scheme ? (scheme.keys ?? []) : [];

const SCHEME_COLUMNS: Column<{ scheme: Scheme; isDefault: boolean }>[] = [
  {
    label: "Scheme",
    cell: ({ scheme, isDefault }) => (
      <>
        <strong>{scheme.name}</strong> {isDefault ? <Badge>parts of items</Badge> : null}
      </>
    ),
  },
  { label: "Kind", cell: ({ scheme }) => scheme.kind },
  { label: "Rule", cell: ({ scheme }) => schemeRule(scheme) },
  { label: "Never shared", cell: ({ scheme }) => keptApart(scheme).join(", ") },
];

const LAG_FROM = {
  calibration: "as the calibration shows it",
  none: "none: traces as they were given",
} as const;

/** What the recipe asks of gold otherwise than the protocols. */
function goldRules(gold: Dataset["recipe"]["gold"]): [string, string][] {
  const told: [string, number | string | undefined][] = [
    ["Share of raters of a category, above", gold?.share_above],
    ["Pairwise CCC of a gold trace, from", gold?.min_ccc],
    ["Own lag of each rater, taken out of gold traces", gold?.lag_from && LAG_FROM[gold.lag_from]],
    ["Lag of all raters, taken out of gold traces, s", gold?.lag_s],
  ];
  const fusions = Object.entries(gold?.fusion ?? {}).map(([question, method]): [string, string] => [
    `Fusion of gold traces of ${question}`,
    method,
  ]);
  return [
    ...told.flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, String(value)]],
    ),
    ...fusions,
  ];
}

function Recipe({ recipe }: { recipe: Dataset["recipe"] }) {
  return (
    <>
      <Facts
        of={[
          ["Collection", <code key="c">{recipe.collection}</code>],
          [
            "Studies",
            recipe.studies.map((slug, i) => (
              <span key={slug}>
                {i > 0 ? ", " : ""}
                <Link href={`/studies/${slug}`}>{slug}</Link>
              </span>
            )),
          ],
          ["Fewest raters of a label", String(recipe.gold?.min_raters ?? "as the protocol says")],
          ...goldRules(recipe.gold),
          ["Media", MEDIA[recipe.media ?? "none"]],
          ["Left out for quality", (recipe.quality?.exclude ?? []).map(ruleText).join("; ") || "nothing"],
        ]}
      />
      <DataTable
        caption="Split schemes"
        columns={SCHEME_COLUMNS}
        rows={(recipe.splits ?? []).map((scheme) => ({
          scheme,
          isDefault: scheme.name === recipe.default_split,
        }))}
        rowKey={({ scheme }) => scheme.name}
      />
    </>
  );
}

export function DatasetPage({ name }: { name: string }) {
  const dataset = useApi<Dataset>(`datasets/${name}/`);
  const releases = useList<Release>(`datasets/${name}/releases/`);
  const drafts = useList<Draft>(`datasets/${name}/drafts/`);
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const check = useApi<LastCheck>(`datasets/${name}/check/`);
  const { reload } = releases;
  const refresh = useCallback(() => {
    reload();
    drafts.reload();
    dataset.reload();
    check.reload();
  }, [reload, drafts.reload, dataset.reload, check.reload]);
  const jobs = useJobs(`dataset:${name}`, refresh);
  const checking = (jobs.data?.results ?? []).some(
    ({ kind, state }) => kind === CHECK && (state === "queued" || state === "running"),
  );
  const askForCheck = () => {
    setFailure(null);
    api
      .post<Job>(`datasets/${name}/check/`, { request_id: newUuid() })
      .then(jobs.reload)
      .catch((reason: unknown) => setFailure(explain(reason)));
  };
  const columns: Column<Release>[] = [
    {
      label: "Version",
      cell: (row) => (
        <Link href={`/datasets/${name}/${row.version}`} className="strong tabular">
          {row.version}
        </Link>
      ),
      csv: (row) => row.version,
    },
    { label: "State", cell: (row) => <StateBadge state={row.state} />, csv: (row) => row.state },
    {
      label: "Published",
      cell: (row) => <span className="nowrap">{when(row.published_at ?? row.created_at)}</span>,
      csv: (row) => row.published_at ?? row.created_at,
    },
    {
      label: "Rows",
      cell: (row) => tableCounts(row.rows),
    },
    {
      label: "Digest",
      cell: (row) => <Digest of={row.digest} what={`the digest of ${row.version}`} />,
      csv: (row) => row.digest,
    },
  ];
  return (
    <Page
      title={dataset.data?.title ?? name}
      crumbs={[{ label: "Datasets", href: "/datasets" }]}
      actions={
        dataset.data ? (
          <>
            <button type="button" disabled={checking} onClick={askForCheck}>
              Check before publishing
            </button>
            <button type="button" className="primary" onClick={() => setAsking(true)}>
              Publish a new release
            </button>
          </>
        ) : null
      }
    >
      <Shown of={dataset}>
        {(found) => (
          <>
            {found.description ? <p className="lead">{found.description}</p> : null}
            <JobLine jobs={jobs.data?.results ?? []} />
            {failure ? (
              <p className="field-error" role="alert">
                {failure}
              </p>
            ) : null}
            {check.data?.found ? (
              <Section title="Before publishing" note="What a release would hold; nothing was published.">
                <CheckReport last={check.data} />
              </Section>
            ) : null}
            <Drafts name={name} of={drafts} />
            <Section title="Releases">
              <Shown of={releases}>
                {(rows) =>
                  rows.length === 0 ? (
                    <Empty title="There is no release yet.">
                      <p>Publish one with the button above.</p>
                    </Empty>
                  ) : (
                    <DataTable
                      caption={plural(rows.length, "release")}
                      columns={columns}
                      rows={rows}
                      rowKey={({ version }) => version}
                      csvName={`${name}-releases`}
                    />
                  )
                }
              </Shown>
              <More of={releases} />
            </Section>
            {found.latest ? (
              <Section
                title="Use it in a model repository"
                note="Follows releases that only add; each release's page pins exactly that one."
              >
                <ModelRepository name={name} versions={sameMajor(found.latest.version)} />
              </Section>
            ) : null}
            <Section
              title="Recipe"
              note="What each release is made from."
              actions={<Link href={`/datasets/${name}/recipe`}>Change the recipe</Link>}
            >
              <Recipe recipe={found.recipe} />
            </Section>
            {asking ? (
              <NewReleaseDialog dataset={found} onClose={() => setAsking(false)} onAsked={jobs.reload} />
            ) : null}
          </>
        )}
      </Shown>
    </Page>
  );
}
