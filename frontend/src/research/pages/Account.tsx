import { type FormEvent, useState } from "react";
import { useStore } from "../../base/store";
import { api, explain } from "../data/api";
import { when } from "../data/format";
import { session } from "../data/session";
import type { NewToken, Token } from "../data/shapes";
import { useList } from "../data/useApi";
import { Confirm } from "../parts/Confirm";
import { CopyButton, Snippet } from "../parts/Copy";
import { type Column, DataTable } from "../parts/DataTable";
import { Facts, Page, Section } from "../parts/Page";
import { Empty, More, Shown } from "../parts/States";
import { Webhooks } from "../parts/Webhooks";

function NewTokenForm({ onMade }: { onMade: (token: NewToken) => void }) {
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      onMade(await api.post<NewToken>("tokens/", { name }));
      setName("");
    } catch (reason) {
      setError(explain(reason));
    }
    setBusy(false);
  };
  return (
    <form className="inline-form" onSubmit={(event) => void submit(event)}>
      <label>
        Name of a new token
        <input
          value={name}
          onChange={(event) => setName(event.target.value)}
          placeholder="what it is for, e.g. training server"
          maxLength={80}
          required
        />
      </label>
      <button type="submit" className="primary" disabled={busy}>
        Make a token
      </button>
      {error ? (
        <p className="field-error" role="alert">
          {error}
        </p>
      ) : null}
    </form>
  );
}

function Secret({ token, onClose }: { token: NewToken; onClose: () => void }) {
  return (
    <section className="secret" aria-label="The new token" role="status">
      <p>
        <strong>{token.name}</strong> is made. Copy it now: it is shown this once and stored nowhere.
      </p>
      <div className="secret-line">
        <code>{token.secret}</code>
        <CopyButton text={token.secret} what="the token" />
      </div>
      <button type="button" className="small" onClick={onClose}>
        I have copied it
      </button>
    </section>
  );
}

function Tokens() {
  const tokens = useList<Token>("tokens/");
  const [made, setMade] = useState<NewToken | null>(null);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const columns: Column<Token>[] = [
    { label: "Name", cell: (token) => token.name },
    { label: "Made", cell: (token) => when(token.created_at) },
    { label: "Last used", cell: (token) => (token.last_used_at ? when(token.last_used_at) : "never") },
    {
      label: "Revoke",
      cell: (token) => (
        <button
          type="button"
          className="small danger"
          aria-label={`Revoke ${token.name}`}
          onClick={() => setRevoking(token)}
        >
          Revoke
        </button>
      ),
    },
  ];
  const origin = window.location.origin;
  const use = [
    `affectory login ${origin}     # asks for the token`,
    "affectory ls",
    "",
    "# or without the command line",
    `curl -H "Authorization: Bearer $AFFECTORY_TOKEN" ${origin}/api/datasets/`,
  ].join("\n");
  return (
    <Section
      title="API tokens"
      note="A token acts as you, for programs and model repositories. The server keeps only its hash."
    >
      <NewTokenForm
        onMade={(token) => {
          setMade(token);
          tokens.reload();
        }}
      />
      {made ? <Secret token={made} onClose={() => setMade(null)} /> : null}
      <Shown of={tokens}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="There are no tokens yet." />
          ) : (
            <DataTable caption="Your tokens" columns={columns} rows={rows} rowKey={({ id }) => id} />
          )
        }
      </Shown>
      <More of={tokens} />
      <h3>How it is used</h3>
      <Snippet text={use} what="How a token is used" />
      <p>
        Programs can do whatever these pages can: <a href="/api/docs/">reference of the API</a>
      </p>
      {revoking ? (
        <Confirm
          title={`Revoke ${revoking.name}?`}
          action="Revoke the token"
          danger
          onClose={() => setRevoking(null)}
          onConfirm={async () => {
            await api.remove(`tokens/${revoking.id}/`);
            tokens.reload();
          }}
        >
          <p>Programs that use it can no longer reach the server. It cannot be brought back.</p>
        </Confirm>
      ) : null}
    </Section>
  );
}

export function AccountPage() {
  const who = useStore(session);
  const [error, setError] = useState<string | null>(null);
  if (who.state !== "known") return null;
  const signOut = () => session.signOut().catch((reason: unknown) => setError(explain(reason)));
  return (
    <Page
      title="Account"
      actions={
        <button type="button" onClick={() => void signOut()}>
          Sign out
        </button>
      }
    >
      {error ? (
        <p className="field-error" role="alert">
          {error}
        </p>
      ) : null}
      <Facts
        of={[
          ["E-mail address", who.email],
          ["Organisation", who.organisation],
        ]}
      />
      <Tokens />
      <Webhooks />
    </Page>
  );
}
