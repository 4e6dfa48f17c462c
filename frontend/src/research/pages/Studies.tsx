import { Link } from "wouter";
import { count, plural } from "../data/format";
import type { Study } from "../data/shapes";
import { QUIET_MS, useList } from "../data/useApi";
import { Badge, Simulated, StateBadge } from "../parts/Badge";
import { Snippet } from "../parts/Copy";
import { type Column, DataTable } from "../parts/DataTable";
import { Page } from "../parts/Page";
import { Empty, More, Shown } from "../parts/States";

const people = (study: Study) =>
  Object.entries(study.participations).map(
    ([kind, states]) => [kind, Object.values(states).reduce((sum, n) => sum + n, 0)] as const,
  );

const COLUMNS: Column<Study>[] = [
  {
    label: "Study",
    cell: (study) => (
      <>
        <Link href={`/studies/${study.slug}`} className="strong">
          {study.title}
        </Link>
        <br />
        <span className="soft small-text">
          {study.protocol.title} ({study.protocol.name} {study.protocol.version})
        </span>
      </>
    ),
  },
  {
    label: "State",
    cell: (study) => (study.imported ? <Badge>imported</Badge> : <StateBadge state={study.state} />),
  },
  {
    label: "Participations",
    figures: true,
    cell: (study) =>
      people(study).length === 0
        ? "none yet"
        : people(study).map(([kind, n]) => (
            <span key={kind} className="nowrap block">
              {count(n)} {kind === "simulated" ? <Simulated /> : kind}
            </span>
          )),
  },
  { label: "Items", figures: true, cell: (study) => count(study.items) },
  { label: "Responses", figures: true, cell: (study) => count(study.responses) },
];

export function StudiesPage() {
  const studies = useList<Study>("studies/", () => QUIET_MS);
  return (
    <Page title="Studies" actions={<Link href="/studies/~new">New study</Link>}>
      <Shown of={studies}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="There is no study yet.">
              <p>
                <Link href="/studies/~new">Start one</Link> from a preset or from a protocol of your own.
                Ratings that were collected elsewhere become a study with <code>import-ratings</code>; the
                demo opens three studies with simulated raters.
              </p>
              <Snippet
                text="python manage.py import-ratings PATH --protocol PRESET --corpus NAME"
                what="Command that imports ratings"
              />
            </Empty>
          ) : (
            <DataTable
              caption={plural(rows.length, "study", "studies")}
              columns={COLUMNS}
              rows={rows}
              rowKey={({ slug }) => slug}
            />
          )
        }
      </Shown>
      <More of={studies} />
    </Page>
  );
}
