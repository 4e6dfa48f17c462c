import { useEffect, useState } from "react";
import { bytes, count, percent, plural, when, words } from "../data/format";
import type { ReleaseDetail, ReleaseFile, SplitReport } from "../data/shapes";
import { inOrder } from "../data/splits";
import { useApi } from "../data/useApi";
import { type AgreementRow, AgreementTable } from "../parts/AgreementTable";
import { Badge, Simulated, StateBadge } from "../parts/Badge";
import { Balance } from "../parts/Balance";
import { SplitBar } from "../parts/Bars";
import { Changelog } from "../parts/Changelog";
import { leftOut } from "../parts/CheckReport";
import { Compare } from "../parts/Compare";
import { Snippet } from "../parts/Copy";
import { type Column, DataTable } from "../parts/DataTable";
import { Facts, Page, Section } from "../parts/Page";
import { StateActions, StateNotice, Tombstone, tombstoneIn } from "../parts/ReleaseState";
import { Shown } from "../parts/States";
import { Digest } from "./Dataset";

const SPLIT_COLUMNS: Column<{ role: string; report: SplitReport }>[] = [
  { label: "Split", cell: ({ role }) => words(role) },
  { label: "Items", figures: true, cell: ({ role, report }) => count(report.sizes[role] ?? 0) },
  { label: "Groups", figures: true, cell: ({ role, report }) => count(report.groups[role] ?? 0) },
  { label: "Share", figures: true, cell: ({ role, report }) => percent(report.shares[role]) },
  { label: "Wanted", figures: true, cell: ({ role, report }) => percent(report.wanted[role]) },
];

function Splits({ report }: { report: SplitReport }) {
  const { leaks, without_role, largest_group } = report;
  return (
    <>
      <SplitBar parts={inOrder(report.sizes).map(([key, n]) => ({ key, name: key, n }))} />
      <DataTable
        caption="Items and groups of each split"
        columns={SPLIT_COLUMNS}
        rows={inOrder(report.sizes).map(([role]) => ({ role, report }))}
        rowKey={({ role }) => role}
      />
      <p>
        <Badge tone={leaks.length === 0 ? "good" : "bad"}>{plural(leaks.length, "leak")}</Badge> No group may
        be in two splits; this is checked before a release is published. The largest group has{" "}
        {plural(largest_group, "item")}.
        {without_role.length > 0 ? ` ${plural(without_role.length, "item")} in no split.` : ""}
      </p>
      {leaks.length > 0 ? (
        <ul className="bullets">
          {leaks.map((leak) => (
            <li key={leak}>{leak}</li>
          ))}
        </ul>
      ) : null}
    </>
  );
}

const splitAgreementRows = (release: ReleaseDetail): AgreementRow[] =>
  agreementRows(release.summary.agreement_by_split ?? []).map((row, i) => ({
    ...row,
    about: `${words(release.summary.agreement_by_split?.[i]?.split ?? "")}: ${row.about}`,
  }));

const agreementRows = (rows: ReleaseDetail["summary"]["agreement"]): AgreementRow[] =>
  rows.map((row, i) => ({
    key: String(i),
    about: row.question,
    dimension: row.dimension,
    condition: row.condition,
    measure: row.measure,
    value: row.value,
    low: row.ci?.[0] ?? null,
    high: row.ci?.[1] ?? null,
    units: row.n_units_used,
    dropped: row.n_units_dropped,
    raters: row.n_raters,
    convention: row.convention,
    reason: row.reason ?? "",
    details: row.details,
    exposed: row.exposed ?? false,
  }));

/** A text file of the release. */
function useText(url: string): string | null {
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    fetch(url, { signal: stop.signal, credentials: "same-origin" })
      .then((response) => (response.ok ? response.text() : null))
      .then(setText)
      .catch(() => setText(null));
    return () => stop.abort();
  }, [url]);
  return text;
}

function Changes({ url }: { url: string }) {
  const text = useText(url);
  if (text === null) return null;
  return (
    <Section title="Changelog">
      <Changelog text={text} />
    </Section>
  );
}

function Files({ release, folder }: { release: ReleaseDetail; folder: string }) {
  const [all, setAll] = useState(false);
  const { files } = release.manifest;
  const media = files.filter(({ path }) => path.startsWith("media/"));
  const shown = all ? files : files.filter(({ path }) => !path.startsWith("media/"));
  const columns: Column<ReleaseFile>[] = [
    {
      label: "File",
      cell: (file) => (
        <a href={folder + file.path} download className="path">
          {file.path}
        </a>
      ),
      csv: (file) => file.path,
    },
    {
      label: "Rows",
      figures: true,
      cell: (file) => (file.rows === null ? "–" : count(file.rows)),
      csv: (file) => file.rows,
    },
    { label: "Size", figures: true, cell: (file) => bytes(file.bytes), csv: (file) => file.bytes },
    {
      label: "SHA-256",
      cell: (file) => <Digest of={file.sha256} what={`the SHA-256 of ${file.path}`} />,
      csv: (file) => file.sha256,
    },
  ];
  return (
    <Section
      title="Files"
      actions={
        media.length > 0 ? (
          <button type="button" className="small" aria-pressed={all} onClick={() => setAll(!all)}>
            {all ? "Hide media files" : `Show ${plural(media.length, "media file")}`}
          </button>
        ) : null
      }
    >
      <DataTable
        caption={`${plural(files.length, "file")}, ${bytes(release.bytes)}`}
        columns={columns}
        rows={shown}
        rowKey={({ path }) => path}
        csvName={`${release.name}-${release.version}-files`}
      />
      <p>
        <a href={`${folder}manifest.json`} download>
          manifest.json
        </a>{" "}
        <a href={`${folder}SHA256SUMS`} download>
          SHA256SUMS
        </a>{" "}
        {release.signed_by ? (
          <a href={`${folder}manifest.sig`} download>
            manifest.sig
          </a>
        ) : null}
      </p>
    </Section>
  );
}

function Rows({ rows }: { rows: ReleaseDetail["rows"] }) {
  const tables = Object.entries(rows);
  return (
    <DataTable
      caption="Rows of each table"
      columns={[
        { label: "Table", cell: ([table]) => words(table), csv: ([table]) => table },
        { label: "Rows", figures: true, cell: ([, n]) => count(n), csv: ([, n]) => n },
      ]}
      rows={tables}
      rowKey={([table]) => table}
    />
  );
}

export function ReleasePage({ name, version }: { name: string; version: string }) {
  const release = useApi<ReleaseDetail>(`datasets/${name}/releases/${version}/`);
  const tombstone = tombstoneIn(release.error);
  const folder = `/api/datasets/${name}/releases/${version}/files/`;
  const pull = `affectory login ${window.location.origin}\naffectory pull ${name}@${version}`;
  const load = [
    "import affectory",
    "",
    `train = affectory.load("${name}@${version}", split="train", table="items").to_pandas()`,
  ].join("\n");
  return (
    <Page
      title={`${name} ${version}`}
      crumbs={[
        { label: "Datasets", href: "/datasets" },
        { label: name, href: `/datasets/${name}` },
      ]}
      aside={
        tombstone ? (
          <StateBadge state="withdrawn" />
        ) : release.data ? (
          <>
            <StateBadge state={release.data.state} />
            {release.data.manifest.simulated ? <Simulated /> : null}
          </>
        ) : null
      }
      actions={
        release.data && !tombstone ? <StateActions release={release.data} onDone={release.reload} /> : null
      }
    >
      {tombstone ? (
        <Tombstone name={name} version={version} of={tombstone} />
      ) : (
        <Shown of={release}>
          {(found) => (
            <>
              <StateNotice release={found} />
              <Facts
                of={[
                  ["Digest", <Digest key="d" of={found.digest} what="the digest" />],
                  ["Published", when(found.created_at)],
                  ["Licence", found.manifest.licence || "not stated"],
                  ["Follows", found.manifest.parent?.version ?? "nothing, it is the first"],
                  ["Size", bytes(found.bytes)],
                  ["Media", found.manifest.media_policy],
                  ...leftOut(found.summary.quality?.excluded),
                  [
                    "Signed by",
                    found.signed_by ? (
                      <Digest key="s" of={found.signed_by} what="the key that signed" />
                    ) : (
                      "nobody"
                    ),
                  ],
                ]}
              />
              <Section title="Use it in a model repository">
                <Snippet text={pull} what="Commands that pull this release" />
                <Snippet text={load} what="Python that loads this release" />
              </Section>
              <div className="columns">
                <Section title="Splits">
                  <Splits report={found.summary.splits} />
                  {(found.summary.schemes ?? []).map((scheme) => (
                    <Balance key={scheme.name} scheme={scheme} />
                  ))}
                </Section>
                <Section title="Tables">
                  <Rows rows={found.rows} />
                </Section>
              </div>
              <Section title="Agreement">
                <AgreementTable
                  rows={agreementRows(found.summary.agreement)}
                  caption="As it was when this release was published"
                  name={`${name}-${version}-agreement`}
                />
                {found.summary.agreement_by_split?.length ? (
                  <AgreementTable
                    rows={splitAgreementRows(found)}
                    caption="Within each split"
                    name={`${name}-${version}-agreement-by-split`}
                  />
                ) : null}
              </Section>
              <Section title="Compare with" note="Row by row, whatever lies between the two.">
                <Compare name={name} version={version} parent={found.manifest.parent?.version ?? null} />
              </Section>
              <Changes url={`${folder}CHANGELOG.md`} />
              <Files release={found} folder={folder} />
            </>
          )}
        </Shown>
      )}
    </Page>
  );
}
