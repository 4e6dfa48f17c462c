import { count, plural, when, words } from "../data/format";
import type { Check, LastCheck } from "../data/shapes";
import { inOrder } from "../data/splits";
import { Badge } from "./Badge";
import { SplitBar } from "./Bars";
import { Distributions, LABELS, LABELS_NOTE } from "./Distributions";
import { GOLD_MADE, GoldMade } from "./GoldMade";
import { NearDuplicates } from "./NearDuplicates";
import { Facts } from "./Page";

type CheckedScheme = Check["schemes"][number];

function Scheme({ scheme, isDefault }: { scheme: CheckedScheme; isDefault: boolean }) {
  const what = scheme.kind === "rater" ? "rater" : "item";
  return (
    <>
      <h3>
        {scheme.name} <span className="soft">{scheme.kind}</span>{" "}
        {isDefault ? <Badge>parts of items</Badge> : null}{" "}
        <Badge tone={scheme.n_leaks === 0 ? "good" : "bad"}>{plural(scheme.n_leaks, "leak")}</Badge>{" "}
        {scheme.n_without_role > 0 ? (
          <Badge tone="warn">{plural(scheme.n_without_role, what)} in no split</Badge>
        ) : null}
      </h3>
      <SplitBar parts={inOrder(scheme.sizes).map(([key, n]) => ({ key, name: key, n }))} />
      {scheme.near_duplicates ? <NearDuplicates of={scheme.near_duplicates} /> : null}
    </>
  );
}

function verdict({ n_problems, parent, bump, version }: Check): string {
  if (n_problems > 0) return `Publishing would be refused: ${plural(n_problems, "problem")} in the splits.`;
  if (!parent) return `Publishing would make the first release, ${version}.`;
  return bump === "PATCH"
    ? `Publishing would make ${version}: the same values as ${parent}.`
    : `Publishing would make ${version}, a ${bump?.toLowerCase()} step after ${parent}.`;
}

/** Figures of a quality policy: rule, and how many responses it leaves out. */
export const leftOut = (excluded: Readonly<Record<string, number>> | undefined): [string, string][] =>
  Object.entries(excluded ?? {}).map(([rule, n]) => [`Excluded by ${rule}`, plural(n, "response")]);

/** What the newest dry run found: counts, splits, and what would change. */
export function CheckReport({ last }: { last: LastCheck }) {
  const { job, found, outdated } = last;
  if (!job || !found) return null;
  return (
    <>
      {outdated ? (
        <p>
          <Badge tone="warn">outdated</Badge> {outdated} Check again to see what would be published now.
        </p>
      ) : null}
      <p role="status">
        <strong>{verdict(found)}</strong>{" "}
        <span className="soft">Checked {when(job.finished_at ?? job.created_at)}.</span>
      </p>
      {found.problems.length > 0 ? (
        <ul className="bullets">
          {found.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      ) : null}
      {(found.ways_out ?? []).map((way) => (
        <p key={way}>{way}.</p>
      ))}
      <Facts
        of={[
          ...Object.entries(found.rows).map(([table, n]): [string, string] => [words(table), count(n)]),
          ["Media files", count(found.media_files)],
          ...leftOut(found.excluded),
        ]}
      />
      {found.schemes.map((scheme) => (
        <Scheme key={scheme.name} scheme={scheme} isDefault={scheme.name === found.default_split} />
      ))}
      {found.distributions?.length ? (
        <details>
          <summary>{LABELS}</summary>
          <div className="distribution-fold">
            <p className="note">{LABELS_NOTE}</p>
            <Distributions of={found} name="checked-labels-by-split" />
          </div>
        </details>
      ) : null}
      {found.gold_made?.length ? (
        <details>
          <summary>{GOLD_MADE}</summary>
          <GoldMade of={found.gold_made} name="checked-gold" />
        </details>
      ) : null}
      {found.changes.length > 0 ? (
        <>
          <h3>Changes since {found.parent}</h3>
          <ul className="bullets">
            {found.changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  );
}
