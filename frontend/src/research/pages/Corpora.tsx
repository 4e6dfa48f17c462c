import { Link } from "wouter";
import { count, plural, words } from "../data/format";
import type { Corpus } from "../data/shapes";
import { type Loaded, QUIET_MS, useApi, useList } from "../data/useApi";
import { Badge, Synthetic } from "../parts/Badge";
import { Snippet } from "../parts/Copy";
import { Page } from "../parts/Page";
import { PolledProgress } from "../parts/Progress";
import { Empty, More, Shown } from "../parts/States";

const BUSY_MS = 1500;

const isBusy = ({ files }: Corpus) => files.pending > 0;

export const INGEST = "python manage.py ingest FOLDER --corpus NAME";

/** A corpus that is asked about again and again, sooner while files are being read. */
export const useCorpus = (name: string): Loaded<Corpus> =>
  useApi<Corpus>(`corpora/${name}/`, (corpus) => (isBusy(corpus) ? BUSY_MS : QUIET_MS));

export function IngestProgress({ files }: { files: Corpus["files"] }) {
  if (files.pending === 0) return null;
  const done = files.ready + files.quarantined;
  return <PolledProgress label="Reading files" done={done} total={done + files.pending} unit="files" />;
}

const kindCounts = (items: Corpus["items"]) =>
  Object.entries(items)
    .map(([kind, n]) => `${words(kind)} ${count(n)}`)
    .join(" · ");

function Card({ corpus }: { corpus: Corpus }) {
  const { files } = corpus;
  return (
    <li className="card">
      <div className="cover" aria-hidden="true">
        {corpus.cover.slice(0, 4).map((url) => (
          <img key={url.slice(-40)} src={url} alt="" loading="lazy" />
        ))}
      </div>
      <h2>
        <Link href={`/corpora/${corpus.name}`}>{corpus.title}</Link>
      </h2>
      <p className="soft">
        <code>{corpus.name}</code> {corpus.licence} {corpus.synthetic ? <Synthetic /> : null}
      </p>
      <p className="tabular">{kindCounts(corpus.items) || "no items yet"}</p>
      <p className="soft tabular">
        {plural(files.ready, "file")} ready
        {files.quarantined > 0 ? (
          <>
            {" "}
            <Badge tone="bad">{count(files.quarantined)} quarantined</Badge>
          </>
        ) : null}
      </p>
      <IngestProgress files={files} />
    </li>
  );
}

export function CorporaPage() {
  const corpora = useList<Corpus>("corpora/", (rows) => (rows.some(isBusy) ? BUSY_MS : QUIET_MS));
  return (
    <Page title="Corpora">
      <Shown of={corpora}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="There is no corpus yet.">
              <p>A folder of video, audio, images, EEG (EDF), text or dialogues becomes a corpus with</p>
              <Snippet text={INGEST} what="Command that fills a corpus" />
            </Empty>
          ) : (
            <ul className="cards">
              {rows.map((corpus) => (
                <Card key={corpus.name} corpus={corpus} />
              ))}
            </ul>
          )
        }
      </Shown>
      <More of={corpora} />
    </Page>
  );
}
