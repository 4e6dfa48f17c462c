import { Link } from "wouter";
import { count, when } from "../data/format";
import type { Dataset } from "../data/shapes";
import { QUIET_MS, useList } from "../data/useApi";
import { StateBadge } from "../parts/Badge";
import { Page } from "../parts/Page";
import { Empty, More, Shown } from "../parts/States";

function Card({ dataset }: { dataset: Dataset }) {
  const { latest } = dataset;
  return (
    <li className="card">
      <h2>
        <Link href={`/datasets/${dataset.name}`}>{dataset.title}</Link>
      </h2>
      <p className="soft">
        <code>{dataset.name}</code>
      </p>
      <p>{dataset.description}</p>
      {latest ? (
        <p className="tabular">
          <Link href={`/datasets/${dataset.name}/${latest.version}`}>{latest.version}</Link>{" "}
          <StateBadge state={latest.state} /> {when(latest.created_at)} · {count(latest.rows.items ?? 0)}{" "}
          items
        </p>
      ) : (
        <p className="soft">no release yet</p>
      )}
    </li>
  );
}

export function DatasetsPage() {
  const datasets = useList<Dataset>("datasets/", () => QUIET_MS);
  return (
    <Page
      title="Datasets"
      actions={
        <>
          <Link href="/datasets/~new">New dataset</Link>
          <Link href="/erasures">Erase a person …</Link>
        </>
      }
    >
      <Shown of={datasets}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="There is no dataset yet.">
              <p>
                A dataset is a recipe: a collection of items, the studies that rated them, and how they are
                split. <Link href="/datasets/~new">Make one</Link>, or run the demo.
              </p>
            </Empty>
          ) : (
            <ul className="cards wide">
              {rows.map((dataset) => (
                <Card key={dataset.name} dataset={dataset} />
              ))}
            </ul>
          )
        }
      </Shown>
      <More of={datasets} />
    </Page>
  );
}
