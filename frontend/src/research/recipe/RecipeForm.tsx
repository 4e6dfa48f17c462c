import { type FormEvent, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { api } from "../data/api";
import { type Draft, faultsIn, reasonsAt, recipeOf } from "../data/recipe";
import type { Dataset, DatasetBody, NewDataset } from "../data/shapes";
import { Field } from "../parts/Field";
import { Section } from "../parts/Page";
import { Identity } from "./Identity";
import { Mappings } from "./Mappings";
import { Prose } from "./Prose";
import { Quality } from "./Quality";
import { Refusal } from "./Refusal";
import { Schemes } from "./Schemes";
import { MadeFrom, Studies } from "./Sources";
import "./Recipe.css";

/** `tag` is the state that was read, null for a dataset that is yet to be made. */
export function RecipeForm({ from, tag }: { from: Draft; tag: string | null }) {
  const [draft, setDraft] = useState(from);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [, go] = useLocation();
  const unsaved = draft !== from && !busy;
  useEffect(() => {
    if (!unsaved) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [unsaved]);
  const change = (fields: Partial<Draft>) => setDraft((old) => ({ ...old, ...fields }));
  const faults = faultsIn(error);
  const save = async () => {
    const { name, title, description } = draft;
    const body: DatasetBody = { title, description, recipe: recipeOf(draft) };
    if (tag !== null) return api.replace<Dataset>(`datasets/${name}/`, tag, body);
    const made: NewDataset = { name, ...body };
    return api.post<Dataset>("datasets/", made);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    save()
      .then(({ name }) => go(`/datasets/${name}`))
      .catch((reason: unknown) => {
        setError(reason);
        setBusy(false);
      });
  };
  const part = { draft, faults, change };
  return (
    <form className="recipe" onSubmit={submit}>
      {error ? <Refusal error={error} faults={faults} /> : null}
      <Section title="What it is">
        <Identity {...part} isNew={tag === null} />
      </Section>
      <Section title="What it is made from">
        <MadeFrom {...part} />
        <Studies {...part} />
      </Section>
      <Section
        title="Left out for quality"
        note="Such answers stay in the release, marked with the rule, and enter no label. Empty: nothing is left out."
      >
        <Quality {...part} />
      </Section>
      <Section
        title="Mapped labels"
        note="Columns that nobody rated, computed from the labels. A fitted one learns from the training part alone."
      >
        <Mappings {...part} />
      </Section>
      <Section title="Splits" note="What was placed in a part once stays there in every later release.">
        <Schemes
          schemes={draft.schemes}
          reasonsAt={(place) => reasonsAt(faults, place)}
          onChange={(schemes) => change({ schemes })}
        />
        <Field label="Scheme that decides the parts of items" reasons={reasonsAt(faults, "default_split")}>
          {(field) => (
            <select
              {...field}
              value={draft.defaultSplit}
              onChange={(event) => change({ defaultSplit: event.target.value })}
            >
              {[...new Set([draft.defaultSplit, ...draft.schemes.map(({ name }) => name)])].map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          )}
        </Field>
      </Section>
      <Section title="Card" note="What only you can say; the figures are generated. Empty: “not stated”.">
        <Prose {...part} />
      </Section>
      <div className="recipe-actions">
        <button type="submit" className="primary" disabled={busy}>
          {busy ? "Saving …" : tag === null ? "Make the dataset" : "Save the recipe"}
        </button>
        <Link href={tag === null ? "/datasets" : `/datasets/${draft.name}`}>Cancel</Link>
      </div>
    </form>
  );
}
