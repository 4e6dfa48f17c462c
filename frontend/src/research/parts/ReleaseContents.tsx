import { type ReactNode, useEffect, useState } from "react";
import { bytes, count, percent, plural, words } from "../data/format";
import type { ReleaseDetail, ReleaseFile, SplitReport } from "../data/shapes";
import { inOrder } from "../data/splits";
import { type AgreementRow, AgreementTable } from "./AgreementTable";
import { Badge } from "./Badge";
import { Balance, balances } from "./Balance";
import { SplitBar } from "./Bars";
import { Changelog } from "./Changelog";
import { leftOut } from "./CheckReport";
import { Compare } from "./Compare";
import { Digest } from "./Copy";
import { type Column, DataTable } from "./DataTable";
import { Distributions, LABELS, LABELS_NOTE } from "./Distributions";
import { Download } from "./Download";
import { GOLD_MADE, GOLD_MADE_NOTE, GoldMade } from "./GoldMade";
import { Mapped } from "./Mapped";
import { NearDuplicates } from "./NearDuplicates";
import { Facts, Jump, Section } from "./Page";

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
      <Download release={release} folder={folder} />
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

/** All that is told of a release, or of a draft. `at` is its address below `/api/`, `draft` the id of a draft. */
export function ReleaseContents({
  release,
  at,
  facts,
  draft,
  children,
}: {
  release: ReleaseDetail;
  at: string;
  facts: readonly (readonly [string, ReactNode])[];
  draft?: string | undefined;
  /** Stands after the facts. */
  children?: ReactNode;
}) {
  const { name, version, manifest, summary } = release;
  const labels = summary.distributions ?? [];
  const folder = `/api/${at}files/`;
  const same = summary.schemes?.find(({ name }) => name === summary.default_split)?.near_duplicates;
  return (
    <>
      <Facts
        of={[
          ["Digest", <Digest key="d" of={release.digest} what="the digest" />],
          ...facts,
          ["Licence", manifest.licence || "not stated"],
          ["Follows", manifest.parent?.version ?? "nothing, it is the first"],
          ["Size", bytes(release.bytes)],
          ["Media", manifest.media_policy],
          ...leftOut(summary.quality?.excluded),
          [
            "Signed by",
            release.signed_by ? (
              <Digest key="s" of={release.signed_by} what="the key that signed" />
            ) : (
              "nobody"
            ),
          ],
        ]}
      />
      <Jump
        to={[
          "Splits",
          ...(labels.length > 0 ? [LABELS] : []),
          "Agreement",
          ...(summary.gold_made?.length ? [GOLD_MADE] : []),
          "Compare with",
          "Changelog",
          "Files",
        ]}
      />
      {children}
      <div className="columns">
        <Section title="Splits">
          <Splits report={summary.splits} />
          {same ? <NearDuplicates of={same} /> : null}
        </Section>
        <Section title="Tables">
          <Rows rows={release.rows} />
        </Section>
      </div>
      {labels.length > 0 ? (
        <Section title={LABELS} note={LABELS_NOTE}>
          <Distributions of={summary} name={`${name}-${version}-labels-by-split`} />
        </Section>
      ) : null}
      {balances(summary).map((one) => (
        <Balance key={one.name} {...one} />
      ))}
      <Section title="Agreement">
        <AgreementTable
          rows={agreementRows(summary.agreement)}
          caption="As it was when this release was built"
          name={`${name}-${version}-agreement`}
        />
        {summary.agreement_by_split?.length ? (
          <details>
            <summary>Within each split</summary>
            <AgreementTable
              rows={splitAgreementRows(release)}
              caption="As above, of the items of one split"
              name={`${name}-${version}-agreement-by-split`}
            />
          </details>
        ) : null}
      </Section>
      {summary.gold_made?.length ? (
        <Section title={GOLD_MADE} note={GOLD_MADE_NOTE}>
          <GoldMade of={summary.gold_made} name={`${name}-${version}-gold`} />
        </Section>
      ) : null}
      <Mapped reports={summary.mappings ?? []} />
      <Section title="Compare with" note="Row by row, whatever lies between the two.">
        <Compare name={name} version={version} draft={draft} parent={manifest.parent?.version ?? null} />
      </Section>
      <Changes url={`${folder}CHANGELOG.md`} />
      <Files release={release} folder={folder} />
    </>
  );
}
