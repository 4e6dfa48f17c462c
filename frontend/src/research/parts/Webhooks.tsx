import { type FormEvent, useState } from "react";
import { api } from "../data/api";
import { plural, when } from "../data/format";
import { faultsIn, reasonsAt } from "../data/recipe";
import type { Delivery, NewWebhook, Webhook } from "../data/shapes";
import { useList } from "../data/useApi";
import { StateBadge } from "./Badge";
import { Confirm } from "./Confirm";
import { CopyButton } from "./Copy";
import { type Column, DataTable } from "./DataTable";
import { Field } from "./Field";
import { Section } from "./Page";
import { Empty, More, Problem, Shown } from "./States";
import "./Webhooks.css";

type Event = Webhook["events"][number];

const EVENTS: readonly (readonly [event: Event, says: string])[] = [
  ["release.published", "a release is published"],
  ["release.withdrawn", "a release is withdrawn"],
  ["study.progress", "raters have finished a study"],
];

function NewWebhookForm({ onMade }: { onMade: (webhook: NewWebhook) => void }) {
  const [url, setUrl] = useState("");
  const [events, setEvents] = useState<readonly Event[]>(EVENTS.map(([event]) => event));
  const [error, setError] = useState<unknown>(null);
  const faults = faultsIn(error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setError(null);
    api
      .post<NewWebhook>("webhooks/", { url, events })
      .then((made) => {
        setUrl("");
        onMade(made);
      })
      .catch(setError);
  };
  const wrongEvents = reasonsAt(faults, "events");
  return (
    <form className="webhook-form" onSubmit={submit}>
      <Field label="Address of a new webhook" reasons={reasonsAt(faults, "url")}>
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
      <button type="submit">Make a webhook</button>
    </form>
  );
}

const DELIVERIES: Column<Delivery>[] = [
  { label: "Event", cell: ({ event }) => event },
  { label: "State", cell: ({ state }) => <StateBadge state={state} /> },
  { label: "Attempts", figures: true, cell: ({ attempt }) => String(attempt) },
  { label: "Asked", cell: ({ created_at }) => when(created_at) },
  { label: "Problem", cell: ({ error }) => error?.message ?? "none" },
];

function Deliveries({ of }: { of: Webhook }) {
  const deliveries = useList<Delivery>(`webhooks/${of.id}/deliveries/`);
  return (
    <>
      <Shown of={deliveries}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="soft">Nothing has been told yet.</p>
          ) : (
            <DataTable
              caption={`Deliveries to ${of.url}`}
              columns={DELIVERIES}
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
  const [removing, setRemoving] = useState<Webhook | null>(null);
  const columns: Column<Webhook>[] = [
    { label: "Address", cell: ({ url }) => <span className="path">{url}</span> },
    { label: "Events", cell: ({ events }) => events.join(", ") },
    { label: "Made", cell: ({ created_at }) => when(created_at) },
    {
      label: "Actions",
      cell: (webhook) => (
        <>
          <button
            type="button"
            className="small"
            aria-label={`Deliveries to ${webhook.url}`}
            onClick={() => setShown(webhook)}
          >
            Deliveries
          </button>{" "}
          <button
            type="button"
            className="small danger"
            aria-label={`Delete ${webhook.url}`}
            onClick={() => setRemoving(webhook)}
          >
            Delete
          </button>
        </>
      ),
    },
  ];
  return (
    <Section title="Webhooks" note="Programs elsewhere are told what happens here, signed and at least once.">
      <NewWebhookForm
        onMade={(webhook) => {
          setMade(webhook);
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
            webhooks.reload();
          }}
        >
          <p>It is told nothing more, what waits for it included.</p>
        </Confirm>
      ) : null}
    </Section>
  );
}
