import { type FormEvent, useId, useState } from "react";
import { Link } from "wouter";
import { newUuid } from "../../base/uuid";
import { api } from "../data/api";
import { count, plural, when, words } from "../data/format";
import type { Corpus, Erasure, ErasurePlan, NewErasure, PendingErasure } from "../data/shapes";
import { useApi, useList } from "../data/useApi";
import { Badge } from "../parts/Badge";
import { Confirm } from "../parts/Confirm";
import { type Column, DataTable } from "../parts/DataTable";
import { Page, Section } from "../parts/Page";
import { Empty, More, Problem, Shown } from "../parts/States";
import "./Erasures.css";

/** A rater by pseudonym, or whoever is in the items of a corpus that carry a group key. */
type Person = { rater: string } | { corpus: string; group: string; value: string };

const NOBODY = { rater: "", corpus: "", group: "subject", value: "" };

const nameOf = (person: Person) =>
  "rater" in person ? `rater ${person.rater}` : `${person.group} ${person.value} of corpus ${person.corpus}`;

const rowsText = (rows: Record<string, number>) =>
  Object.entries(rows)
    .filter(([, n]) => n > 0)
    .map(([table, n]) => `${count(n)} ${words(table).toLowerCase()}`)
    .join(", ");

const POLL_MS = 2000;
const unfinished = (erasure: Erasure) =>
  erasure.erased_at === null || erasure.releases.some((release) => release.files_deleted_at === null);

function PlanText({ plan }: { plan: ErasurePlan }) {
  return (
    <>
      {plan.releases.length > 0 ? (
        <Withdrawn plan={plan} />
      ) : (
        <p>No release holds rows of them; only the originals go.</p>
      )}
      {plan.drafts.length > 0 ? (
        <p>
          Drafts that hold rows of them are discarded:{" "}
          {plan.drafts.map(({ dataset, version }) => `${dataset} ${version}`).join(", ")}.
        </p>
      ) : null}
    </>
  );
}

function Withdrawn({ plan }: { plan: ErasurePlan }) {
  return (
    <>
      <p>These releases stop being served at once and become tombstones:</p>
      <ul className="bullets">
        {plan.releases.map(({ dataset, version, state, rows }) => (
          <li key={`${dataset} ${version}`}>
            {dataset} {version} ({state}): {rowsText(rows)}
          </li>
        ))}
      </ul>
      <p>
        {Object.entries(plan.successors)
          .map(
            ([dataset, version]) =>
              `${dataset}: ${version ? `${version} takes over` : "a successor is built"}`,
          )
          .join("; ")}
        .
      </p>
    </>
  );
}

function EraseDialog({
  person,
  onClose,
  onDone,
}: {
  person: Person;
  onClose: () => void;
  onDone: () => void;
}) {
  const plan = useApi<ErasurePlan>(`erasures/plan/?${new URLSearchParams({ ...person })}`);
  const [reason, setReason] = useState("");
  // Made once for this dialog: pressing twice, or again after a lost answer, is one erasure.
  const [id] = useState(newUuid);
  const erase = async () => {
    const body: NewErasure = { ...NOBODY, ...person, id, reason };
    await api.post<Erasure>("erasures/", body);
    onDone();
  };
  return (
    <Confirm
      title={`Erase ${nameOf(person)}?`}
      action="Erase for good"
      danger
      onClose={onClose}
      onConfirm={erase}
    >
      <Shown of={plan}>{(found) => <PlanText plan={found} />}</Shown>
      <p>
        <strong>This cannot be undone.</strong> Their answers, and for a person in items the items and files,
        are deleted.
      </p>
      <label>
        Reason, shown on the tombstones; do not name the person
        <textarea
          rows={2}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={500}
          required
        />
      </label>
    </Confirm>
  );
}

function Waiting({ pending, onErase }: { pending: PendingErasure[]; onErase: (person: Person) => void }) {
  const columns: Column<PendingErasure>[] = [
    { label: "Rater", cell: (row) => <code>{row.rater}</code>, csv: (row) => row.rater },
    {
      label: "Study",
      cell: (row) => <Link href={`/studies/${row.study}`}>{row.study}</Link>,
      csv: (row) => row.study,
    },
    { label: "Withdrew", cell: (row) => when(row.withdrawn_at), csv: (row) => row.withdrawn_at },
    {
      label: "Answers stored",
      figures: true,
      cell: (row) => count(row.responses),
      csv: (row) => row.responses,
    },
    {
      label: "Published in",
      cell: (row) =>
        row.releases.map(({ dataset, version }) => `${dataset} ${version}`).join(", ") || "no release",
    },
    {
      label: "",
      cell: (row) => (
        <button type="button" className="small" onClick={() => onErase({ rater: row.rater })}>
          Erase {row.rater} …
        </button>
      ),
    },
  ];
  if (pending.length === 0)
    return (
      <Empty title="Nobody is waiting.">
        <p>Raters who withdraw in the browser appear here while their answers are still stored.</p>
      </Empty>
    );
  return (
    <DataTable
      caption={plural(pending.length, "rater")}
      columns={columns}
      rows={pending}
      rowKey={(row) => `${row.rater} ${row.study}`}
    />
  );
}

function AskForm({ onErase }: { onErase: (person: Person) => void }) {
  const [kind, setKind] = useState<"rater" | "subject">("subject");
  const [rater, setRater] = useState("");
  const [item, setItem] = useState({ corpus: "", group: "subject", value: "" });
  const corpora = useList<Corpus>("corpora/");
  const names = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onErase(kind === "rater" ? { rater: rater.trim() } : item);
  };
  const field = (key: keyof typeof item, label: string) => (
    <label>
      {label}
      <input
        value={item[key]}
        list={key === "corpus" ? names : undefined}
        onChange={(event) => setItem({ ...item, [key]: event.target.value })}
        required
      />
    </label>
  );
  return (
    <form className="ask-form" onSubmit={submit}>
      <label>
        Who
        <select
          value={kind}
          onChange={(event) => setKind(event.target.value === "rater" ? "rater" : "subject")}
        >
          <option value="subject">a person in items</option>
          <option value="rater">a rater</option>
        </select>
      </label>
      {kind === "rater" ? (
        <label>
          Pseudonym
          <input
            value={rater}
            onChange={(event) => setRater(event.target.value)}
            placeholder="r-…"
            required
          />
        </label>
      ) : (
        <>
          {field("corpus", "Corpus")}
          <datalist id={names}>
            {corpora.data?.map(({ name }) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          {field("group", "Group key")}
          {field("value", "Code")}
        </>
      )}
      <button type="submit">Show what would go</button>
    </form>
  );
}

function Done({ erasures }: { erasures: Erasure[] }) {
  const columns: Column<Erasure>[] = [
    { label: "Confirmed", cell: (row) => when(row.confirmed_at), csv: (row) => row.confirmed_at },
    { label: "By", cell: (row) => row.confirmed_by, csv: (row) => row.confirmed_by },
    { label: "Reason", cell: (row) => row.reason, csv: (row) => row.reason },
    {
      label: "Originals",
      cell: (row) => (row.erased_at ? `deleted: ${rowsText(row.erased_rows)}` : "being deleted"),
    },
    {
      label: "Releases",
      cell: (row) =>
        row.releases.length === 0
          ? "none"
          : row.releases.map((release) => (
              <div key={`${release.dataset} ${release.version}`}>
                <Link href={`/datasets/${release.dataset}/${release.version}`}>
                  {release.dataset} {release.version}
                </Link>{" "}
                → {release.successor || "no successor yet"}{" "}
                <Badge tone={release.files_deleted_at ? "good" : "busy"}>
                  {release.files_deleted_at ? "files deleted" : "not served, working"}
                </Badge>
              </div>
            )),
    },
  ];
  if (erasures.length === 0) return <p className="soft">Nobody has been erased.</p>;
  return (
    <DataTable
      caption={plural(erasures.length, "erasure")}
      columns={columns}
      rows={erasures}
      rowKey={({ id }) => id}
    />
  );
}

function Resume({ erasure, onDone }: { erasure: Erasure; onDone: () => void }) {
  const [error, setError] = useState<unknown>(null);
  const resume = () => {
    setError(null);
    api.post(`erasures/${erasure.id}/resume/`).then(onDone, setError);
  };
  return (
    <>
      <p>
        An erasure confirmed {when(erasure.confirmed_at)} is not finished. When its job has failed, mend what
        it names and go on:{" "}
        <button type="button" className="small" onClick={resume}>
          Go on
        </button>{" "}
        <Link href="/jobs">see the jobs</Link>
      </p>
      {error ? <Problem error={error} /> : null}
    </>
  );
}

export function ErasuresPage() {
  const pending = useList<PendingErasure>("erasures/pending/");
  const erasures = useList<Erasure>("erasures/");
  const [person, setPerson] = useState<Person | null>(null);
  const open = erasures.data?.filter(unfinished) ?? [];
  // Looks again while something is under way.
  useApi<Erasure>(open[0] ? `erasures/${open[0].id}/` : null, (found) => {
    if (!unfinished(found)) erasures.reload();
    return unfinished(found) ? POLL_MS : null;
  });
  const done = () => {
    pending.reload();
    erasures.reload();
  };
  return (
    <Page title="Erasures" crumbs={[{ label: "Datasets", href: "/datasets" }]}>
      <Section
        title="Waiting for you"
        note="They have withdrawn: their answers count nowhere and are in no new release. Releases from before still hold them until you erase them."
      >
        <Shown of={pending}>{(rows) => <Waiting pending={rows} onErase={setPerson} />}</Shown>
        <More of={pending} />
      </Section>
      <Section
        title="Erase somebody"
        note="First it is shown what would go; nothing happens before you confirm."
      >
        <AskForm onErase={setPerson} />
      </Section>
      <Section title="Erased">
        {open.map((erasure) => (
          <Resume key={erasure.id} erasure={erasure} onDone={done} />
        ))}
        <Shown of={erasures}>{(rows) => <Done erasures={rows} />}</Shown>
        <More of={erasures} />
      </Section>
      {person ? <EraseDialog person={person} onClose={() => setPerson(null)} onDone={done} /> : null}
    </Page>
  );
}
