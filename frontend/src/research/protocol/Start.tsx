import { type FormEvent, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { Source } from "../../preview/messages";
import { api, explain } from "../data/api";
import { faultsIn, reasonsAt } from "../data/recipe";
import type { CheckedProtocol, NewStudy, Study } from "../data/shapes";
import { Field } from "../parts/Field";

interface StartProps {
  text: string;
  /** What the text says of itself; null: it cannot be read now. */
  protocol: CheckedProtocol | null;
  /** Why it cannot be started as it is; empty: it can. */
  missing: string;
  source: Source;
  onStarted(): void;
}

/** Makes a study of the protocol and the items that are on the page. */
export function Start({ text, protocol, missing, source, onStarted }: StartProps) {
  const [slug, setSlug] = useState<string | null>(null);
  const [title, setTitle] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [, go] = useLocation();
  const said = useRef(protocol);
  if (protocol) said.current = protocol;
  const body: NewStudy = {
    slug: slug ?? said.current?.name ?? "",
    title: title ?? said.current?.title ?? "",
    ...source,
    protocol: text,
  };
  const faults = faultsIn(error);
  const told = ["slug", "title"].some((name) => reasonsAt(faults, name).length > 0);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    api
      .post<Study>("studies/", body)
      .then((study) => {
        onStarted();
        go(`/studies/${study.slug}`);
      })
      .catch((reason: unknown) => {
        setError(reason);
        setBusy(false);
      });
  };
  return (
    <form onSubmit={submit} className="start-study">
      <div className="form-grid">
        <Field
          label="Name for programs"
          hint="it cannot be changed later; for example: masks-pilot"
          reasons={reasonsAt(faults, "slug")}
        >
          {(field) => (
            <input {...field} value={body.slug} required onChange={(event) => setSlug(event.target.value)} />
          )}
        </Field>
        <Field label="Title" hint="raters read it" reasons={reasonsAt(faults, "title")}>
          {(field) => (
            <input
              {...field}
              value={body.title}
              required
              onChange={(event) => setTitle(event.target.value)}
            />
          )}
        </Field>
      </div>
      {error && !told ? (
        <div className="problem" role="alert">
          <p>{explain(error)}</p>
        </div>
      ) : null}
      <div className="start-actions">
        <button type="submit" className="primary" disabled={busy || missing !== ""}>
          {busy ? "Starting …" : "Start the study"}
        </button>
        <span className="soft">{missing || "Its items are those that are there now."}</span>
      </div>
    </form>
  );
}
