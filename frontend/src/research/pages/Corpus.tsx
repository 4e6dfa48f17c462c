import { useEffect, useRef } from "react";
import { useSearchParams } from "wouter";
import { bytes, clock, count, plural, words } from "../data/format";
import { type Corpus, type Entry, type Item, numberIn } from "../data/shapes";
import { useList } from "../data/useApi";
import { Synthetic } from "../parts/Badge";
import { Choices } from "../parts/Choices";
import { Snippet } from "../parts/Copy";
import { type Column, DataTable } from "../parts/DataTable";
import { Facts, Page, Section } from "../parts/Page";
import { Empty, More, Shown } from "../parts/States";
import { Thumb } from "../parts/Thumb";
import { INGEST, IngestProgress, useCorpus } from "./Corpora";

/** What a person wants to know of a file at a glance. */
function factsLine({ kind, facts }: Item): string {
  const duration = numberIn(facts, "duration_s");
  const width = numberIn(facts, "width");
  const height = numberIn(facts, "height");
  const channels = numberIn(facts, "n_channels") ?? numberIn(facts, "n_signals");
  return [
    kind,
    duration === null ? null : clock(duration, 0),
    width && height ? `${width} × ${height}` : null,
    channels === null ? null : plural(channels, "channel"),
  ]
    .filter(Boolean)
    .join(" · ");
}

function ItemCard({ item }: { item: Item }) {
  const target = item.context?.find((utterance) => utterance.target);
  return (
    <li className="item">
      <Thumb
        kind={item.kind}
        picture={item.picture}
        peaks={item.kind === "audio" ? item.media.peaks?.url : undefined}
        text={target ? `${target.speaker}: ${target.text}` : item.text}
      />
      <p className="item-title" title={item.key}>
        {item.title}
      </p>
      <p className="soft small-text tabular">{factsLine(item)}</p>
    </li>
  );
}

function Items({ corpus }: { corpus: Corpus }) {
  const [search, setSearch] = useSearchParams();
  const kind = search.get("kind") ?? "";
  const query = kind ? `?kind=${encodeURIComponent(kind)}` : "";
  const items = useList<Item>(`corpora/${corpus.name}/items/${query}`);
  const total = Object.values(corpus.items).reduce((sum, n) => sum + n, 0);
  const before = useRef(total);
  const { reload } = items;
  useEffect(() => {
    if (before.current !== total) reload();
    before.current = total;
  }, [total, reload]);
  const choices = [
    { key: "", label: "All", n: total },
    ...Object.entries(corpus.items).map(([key, n]) => ({ key, label: words(key), n })),
  ];
  return (
    <Section title="Items">
      <Choices
        name="Kind of item"
        choices={choices}
        chosen={kind}
        onChoose={(key) => setSearch(key ? { kind: key } : {}, { replace: true })}
      />
      <Shown of={items}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={kind ? `There is no item of the kind ${kind}.` : "There are no items yet."}>
              <Snippet text={INGEST.replace("NAME", corpus.name)} what="Command that adds files" />
            </Empty>
          ) : (
            <ul className="items">
              {rows.map((item) => (
                <ItemCard key={item.id} item={item} />
              ))}
            </ul>
          )
        }
      </Shown>
      <More of={items} />
    </Section>
  );
}

const QUARANTINE: Column<Entry>[] = [
  { label: "File", cell: (row) => <code className="path">{row.path}</code>, csv: (row) => row.path },
  { label: "Size", figures: true, cell: (row) => bytes(row.size), csv: (row) => row.size },
  { label: "Code", cell: (row) => <code>{row.code}</code>, csv: (row) => row.code },
  { label: "Reason", cell: (row) => row.reason, csv: (row) => row.reason },
  { label: "Field", cell: (row) => (row.field ? <code>{row.field}</code> : "–"), csv: (row) => row.field },
];

function Quarantine({ corpus }: { corpus: Corpus }) {
  const entries = useList<Entry>(`corpora/${corpus.name}/entries/?state=quarantined`);
  return (
    <Section
      title="Quarantined files"
      note="These files were offered and could not be read. Nothing of them is in the corpus; mended files can be offered again."
    >
      <Shown of={entries}>
        {(rows) => (
          <DataTable
            caption={plural(rows.length, "file")}
            columns={QUARANTINE}
            rows={rows}
            rowKey={(row) => row.path}
            csvName={`${corpus.name}-quarantined`}
          />
        )}
      </Shown>
      <More of={entries} />
    </Section>
  );
}

export function CorpusPage({ name }: { name: string }) {
  const corpus = useCorpus(name);
  return (
    <Page
      title={corpus.data?.title ?? name}
      crumbs={[{ label: "Corpora", href: "/corpora" }]}
      aside={corpus.data?.synthetic ? <Synthetic /> : null}
    >
      <Shown of={corpus}>
        {(found) => (
          <>
            <IngestProgress files={found.files} />
            <Facts
              of={[
                ["Name", <code key="name">{found.name}</code>],
                ["Licence", found.licence || "not stated"],
                ["Languages", found.languages.join(", ") || "not stated"],
                ["Source", found.source || "not stated"],
                [
                  "Files",
                  `${count(found.files.ready)} ready, ${count(found.files.pending)} pending, ${count(found.files.quarantined)} quarantined`,
                ],
                ["Consent terms", found.consent_terms || "not stated"],
              ]}
            />
            {found.files.quarantined > 0 ? <Quarantine corpus={found} key={found.files.quarantined} /> : null}
            <Items corpus={found} />
          </>
        )}
      </Shown>
    </Page>
  );
}
