import { type FormEvent, useEffect, useId, useState } from "react";
import { newUuid } from "../../base/uuid";
import { api, type Tagged } from "../data/api";
import { MISSING, plural, when } from "../data/format";
import { faultsIn, reasonsAt } from "../data/recipe";
import { type Delivery, type NewWebhook, numberIn, type Ping, type Webhook } from "../data/shapes";
import { useList } from "../data/useApi";
import { StateBadge } from "./Badge";
import { Confirm } from "./Confirm";
import { CopyButton } from "./Copy";
import { type Column, DataTable } from "./DataTable";
import { Field } from "./Field";
import { Section } from "./Page";
import { Empty, Loading, More, Problem, Shown } from "./States";
import "./Webhooks.css";

type Event = Webhook["events"][number];

const EVENTS: readonly (readonly [event: Event, says: string])[] = [
  ["release.published", "a release is published"],
  ["release.withdrawn", "a release is withdrawn"],
  ["study.progress", "raters have finished a study"],
];

type Body = Pick<Webhook, "url" | "events">;

function WebhookForm({
  from,
  label,
  action,
  save,
  onCancel,
}: {
  from: Body;
  label: string;
  action: string;
  save: (body: Body) => Promise<void>;
  onCancel?: () => void;
}) {
  const [url, setUrl] = useState(from.url);
  const [events, setEvents] = useState<readonly Event[]>(from.events);
  const [error, setError] = useState<unknown>(null);
  const faults = faultsIn(error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setError(null);
    save({ url, events: [...events] })
      .then(() => setUrl(from.url))
      .catch(setError);
  };
  const wrongEvents = reasonsAt(faults, "events");
  return (
    <form className="webhook-form" onSubmit={submit}>
      <Field label={label} reasons={reasonsAt(faults, "url")}>
        {(field) => (
          <input
            {...field}
            type="url"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
            placeholder="https://"
            required
          />
        )}
      </Field>
      <fieldset>
        <legend>Tell it when</legend>
        {EVENTS.map(([event, says]) => (
          <label key={event}>
            <input
              type="checkbox"
              checked={events.includes(event)}
              onChange={({ target }) =>
                setEvents(target.checked ? [...events, event] : events.filter((one) => one !== event))
              }
            />
            {says} ({event})
          </label>
        ))}
        {wrongEvents.length > 0 ? <p className="field-error">{wrongEvents.join(" ")}</p> : null}
      </fieldset>
      {error && faults.length === 0 ? <Problem error={error} /> : null}
      <p className="webhook-actions">
        <button type="submit">{action}</button>
        {onCancel ? (
          <button type="button" className="small" onClick={onCancel}>
            Cancel
          </button>
        ) : null}
      </p>
    </form>
  );
}

const NEW: Body = { url: "", events: EVENTS.map(([event]) => event) };

/** Changes a webhook as it was when this was opened: who changed it meanwhile is not overwritten. */
function EditWebhook({ of, onDone }: { of: Webhook; onDone: () => void }) {
  const heading = useId();
  const [read, setRead] = useState<Tagged<Webhook> | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    let live = true;
    api
      .getTagged<Webhook>(`webhooks/${of.id}/`)
      .then((found) => live && setRead(found))
      .catch((reason: unknown) => live && setError(reason));
    return () => {
      live = false;
    };
  }, [of.id]);
  if (error) return <Problem error={error} />;
  if (!read) return <Loading />;
  return (
    <section className="webhook-edit" aria-labelledby={heading}>
      <h3 id={heading}>Change {of.url}</h3>
      <WebhookForm
        from={read.data}
        label="Address"
        action="Save"
        onCancel={onDone}
        save={async (body) => {
          await api.replace<Webhook>(`webhooks/${of.id}/`, read.tag, body);
          onDone();
        }}
      />
    </section>
  );
}

const statusIn = (result: Delivery["result"]) =>
  numberIn(result as Record<string, unknown> | null, "status") ?? MISSING;

const DELIVERIES: Column<Delivery>[] = [
  { label: "Event", cell: ({ event }) => event },
  { label: "State", cell: ({ state }) => <StateBadge state={state} /> },
  { label: "Attempts", figures: true, cell: ({ attempt }) => String(attempt) },
  { label: "Asked", cell: ({ created_at }) => when(created_at) },
  { label: "Answer", cell: ({ error, result }) => error?.message ?? statusIn(result) },
];

const AGAIN_MS = 1500;

function Deliveries({ of }: { of: Webhook }) {
  const deliveries = useList<Delivery>(`webhooks/${of.id}/deliveries/`);
  const [error, setError] = useState<unknown>(null);
  const { data, reload } = deliveries;
  useEffect(() => {
    if (!data?.some(({ state, attempt }) => attempt === 0 || state === "running")) return;
    const timer = setTimeout(reload, AGAIN_MS);
    return () => clearTimeout(timer);
  }, [data, reload]);
  const ask = (path: string, body?: Ping) => {
    setError(null);
    api.post<Delivery>(`webhooks/${of.id}/${path}`, body).then(reload).catch(setError);
  };
  const ping = () => ask("ping/", { request_id: newUuid() });
  const again: Column<Delivery> = {
    label: "Again",
    cell: ({ id, event, state }) =>
      state === "failed" ? (
        <button
          type="button"
          className="small"
          aria-label={`Send ${event} again`}
          onClick={() => ask(`deliveries/${id}/again/`)}
        >
          Send again
        </button>
      ) : null,
  };
  return (
    <>
      <p>
        <button type="button" className="small" onClick={ping}>
          Send a test
        </button>{" "}
        <span className="soft">A signed “ping”, tried once, whatever events it wants.</span>
      </p>
      {error ? <Problem error={error} /> : null}
      <Shown of={deliveries}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="soft">Nothing has been told yet.</p>
          ) : (
            <DataTable
              caption={`Deliveries to ${of.url}`}
              columns={[...DELIVERIES, again]}
              rows={rows}
              rowKey={({ id }) => id}
            />
          )
        }
      </Shown>
      <More of={deliveries} />
    </>
  );
}

/** Webhooks of the organisation, and whether what they were told has arrived. */
export function Webhooks() {
  const webhooks = useList<Webhook>("webhooks/");
  const [made, setMade] = useState<NewWebhook | null>(null);
  const [shown, setShown] = useState<Webhook | null>(null);
  const [editing, setEditing] = useState<Webhook | null>(null);
  const [removing, setRemoving] = useState<Webhook | null>(null);
  const columns: Column<Webhook>[] = [
    { label: "Address", cell: ({ url }) => <span className="path">{url}</span> },
    { label: "Events", cell: ({ events }) => events.join(", ") },
    { label: "Made", cell: ({ created_at }) => when(created_at) },
    {
      label: "Actions",
      cell: (webhook) => (
        <span className="webhook-actions">
          <button
            type="button"
            className="small"
            aria-label={`Deliveries to ${webhook.url}`}
            onClick={() => setShown(webhook)}
          >
            Deliveries
          </button>
          <button
            type="button"
            className="small"
            aria-label={`Change ${webhook.url}`}
            onClick={() => setEditing(webhook)}
          >
            Change
          </button>
          <button
            type="button"
            className="small danger"
            aria-label={`Delete ${webhook.url}`}
            onClick={() => setRemoving(webhook)}
          >
            Delete
          </button>
        </span>
      ),
    },
  ];
  return (
    <Section title="Webhooks" note="Programs elsewhere are told what happens here, signed and at least once.">
      <WebhookForm
        from={NEW}
        label="Address of a new webhook"
        action="Make a webhook"
        save={async (body) => {
          setMade(await api.post<NewWebhook>("webhooks/", body));
          webhooks.reload();
        }}
      />
      {made ? (
        <section className="secret" aria-label="Secret of the new webhook" role="status">
          <p>
            <strong>{made.url}</strong> is told from now on. Copy the secret that signs the deliveries: it is
            shown this once.
          </p>
          <div className="secret-line">
            <code>{made.secret}</code>
            <CopyButton text={made.secret} what="the secret" />
          </div>
          <button type="button" className="small" onClick={() => setMade(null)}>
            I have copied it
          </button>
        </section>
      ) : null}
      <Shown of={webhooks}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="There are no webhooks yet." />
          ) : (
            <DataTable
              caption={plural(rows.length, "webhook")}
              columns={columns}
              rows={rows}
              rowKey={({ id }) => id}
            />
          )
        }
      </Shown>
      <More of={webhooks} />
      {editing ? (
        <EditWebhook
          key={editing.id}
          of={editing}
          onDone={() => {
            setEditing(null);
            webhooks.reload();
          }}
        />
      ) : null}
      {shown ? <Deliveries key={shown.id} of={shown} /> : null}
      {removing ? (
        <Confirm
          title={`Delete ${removing.url}?`}
          action="Delete the webhook"
          danger
          onClose={() => setRemoving(null)}
          onConfirm={async () => {
            await api.remove(`webhooks/${removing.id}/`);
            setShown(null);
            setEditing(null);
            webhooks.reload();
          }}
        >
          <p>It is told nothing more, what waits for it included.</p>
        </Confirm>
      ) : null}
    </Section>
  );
}
