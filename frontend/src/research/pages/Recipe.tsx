import { type FormEvent, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { ApiError } from "../../api/http";
import { newUuid } from "../../base/uuid";
import { api, explain, type Tagged } from "../data/api";
import { type Draft, draftOf, emptyDraft, type Fault, faultsIn, reasonsAt, recipeOf } from "../data/recipe";
import type { Collection, Dataset, DatasetBody, NewDataset, Study } from "../data/shapes";
import { useList } from "../data/useApi";
import { Field } from "../parts/Field";
import { Page, Section } from "../parts/Page";
import { Schemes } from "../parts/Schemes";
import { Empty, Loading, More, Problem, Shown } from "../parts/States";
import "./Recipe.css";

const PROSE: readonly (readonly [key: string, label: string, hint: string])[] = [
  ["motivation", "Motivation", "why it was made, by whom, with whose money"],
  ["collection_process", "Collection process", "how and when the items were collected, with what consent"],
  ["curation_rationale", "Curation rationale", "which items were chosen, and why"],
  ["language_variety", "Language variety", "beside the tags of the languages"],
  ["speech_situation", "Speech situation", "when and where, spontaneous or acted, to whom"],
  ["text_characteristics", "Text characteristics", "genre, topics"],
  ["sensitive", "Sensitive information", "what could identify or hurt somebody"],
  ["intended_uses", "Intended uses", "what it is for"],
  ["forbidden_uses", "Forbidden uses", "what it must not be used for"],
  ["limitations", "Limits", "known biases and gaps"],
  ["pay", "Pay", "what raters were paid, and how that compares with the minimum wage"],
  ["ethics", "Ethics review", "review board, number of the approval"],
  ["maintenance", "Maintenance", "who keeps it, how to reach them"],
];

interface PartProps {
  draft: Draft;
  faults: readonly Fault[];
  change: (fields: Partial<Draft>) => void;
}

function Line({
  label,
  hint,
  reasons,
  value,
  required = false,
  type = "text",
  onChange,
}: {
  label: string;
  hint?: string;
  reasons: string[];
  value: string;
  required?: boolean;
  type?: "text" | "number";
  onChange: (text: string) => void;
}) {
  return (
    <Field label={label} hint={hint} reasons={reasons}>
      {(field) => (
        <input
          {...field}
          type={type}
          value={value}
          required={required}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function Identity({ draft, faults, change, isNew }: PartProps & { isNew: boolean }) {
  return (
    <div className="form-grid">
      {isNew ? (
        <Line
          label="Name for programs"
          hint="it cannot be changed later; for example: films-va"
          reasons={reasonsAt(faults, "name")}
          value={draft.name}
          required
          onChange={(name) => change({ name })}
        />
      ) : null}
      <Line
        label="Title"
        reasons={reasonsAt(faults, "title")}
        value={draft.title}
        required
        onChange={(title) => change({ title })}
      />
      <Line
        label="Licence"
        hint="an SPDX name, for example: CC-BY-4.0"
        reasons={reasonsAt(faults, "licence")}
        value={draft.licence}
        onChange={(licence) => change({ licence })}
      />
      <Field label="Description" reasons={reasonsAt(faults, "description")}>
        {(field) => (
          <textarea
            {...field}
            rows={2}
            value={draft.description}
            onChange={(event) => change({ description: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function MadeFrom({ draft, faults, change }: PartProps) {
  const collections = useList<Collection>("collections/");
  return (
    <Shown of={collections}>
      {(rows) => (
        <div className="form-grid">
          <Field label="Collection" reasons={reasonsAt(faults, "collection")}>
            {(field) => (
              <select
                {...field}
                value={draft.collection}
                required
                onChange={(event) => change({ collection: event.target.value })}
              >
                <option value="">choose one</option>
                {[...new Set([...rows.map(({ name }) => name), draft.collection])]
                  .filter(Boolean)
                  .map((name) => (
                    <option key={name}>{name}</option>
                  ))}
              </select>
            )}
          </Field>
          <Line
            label="Fewest raters of a label"
            hint="left empty: as the protocols say"
            type="number"
            reasons={reasonsAt(faults, "gold")}
            value={draft.minRaters}
            onChange={(minRaters) => change({ minRaters })}
          />
          <Field label="Media" reasons={reasonsAt(faults, "media")}>
            {(field) => (
              <select
                {...field}
                value={draft.media}
                onChange={(event) => change({ media: event.target.value })}
              >
                <option value="none">none; items are named only</option>
                <option value="proxy">browser copies are part of it</option>
                <option value="full">originals, too, with all that stands in their headers</option>
              </select>
            )}
          </Field>
          <More of={collections} />
        </div>
      )}
    </Shown>
  );
}

function Studies({ draft, faults, change }: PartProps) {
  const studies = useList<Study>("studies/");
  const reasons = reasonsAt(faults, "studies");
  const toggle = (slug: string, chosen: boolean) =>
    change({ studies: chosen ? [...draft.studies, slug] : draft.studies.filter((one) => one !== slug) });
  return (
    <Shown of={studies}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty title="There is no study yet.">
            <p>A dataset publishes what raters of a study said.</p>
          </Empty>
        ) : (
          <fieldset>
            <legend>Studies</legend>
            {rows.map(({ slug, title }) => (
              <label key={slug} className="check">
                <input
                  type="checkbox"
                  checked={draft.studies.includes(slug)}
                  onChange={(event) => toggle(slug, event.target.checked)}
                />
                {title} ({slug})
              </label>
            ))}
            <More of={studies} />
            {reasons.length > 0 ? <p className="field-error">{reasons.join(" ")}</p> : null}
          </fieldset>
        )
      }
    </Shown>
  );
}

const CHECKS: readonly (readonly [line: string, meaning: string])[] = [
  ["speeding response 0.3", "answers given in less than 0.3 of the median time of the other raters"],
  ["speeding rater 0.5", "raters of whose answers more than half were that hasty"],
  ["longstring rater 0.8", "raters who gave one answer in a row for more than 0.8 of their answers"],
  ["straight_lining rater 0.5", "raters more than half of whose answers are one number on all scales"],
  ["at_bounds rater 0.9", "raters who stay at the ends of the scales; response: such traces"],
  ["flat_line response 0.9", "traces that stand still for more than 0.9 of their length"],
  ["consistency response 0.3", "questionnaires whose even and odd items correlate below 0.3"],
];

function Quality({ draft, faults, change }: PartProps) {
  return (
    <>
      <Field
        label="Rules, one a line"
        hint="check, response or rater, limit; then question=…, name=…, min_answers=… where needed"
        reasons={reasonsAt(faults, "quality.exclude")}
      >
        {(field) => (
          <textarea
            {...field}
            rows={3}
            value={draft.rules}
            spellCheck={false}
            onChange={(event) => change({ rules: event.target.value })}
          />
        )}
      </Field>
      <details>
        <summary>Checks</summary>
        <dl className="checks">
          {CHECKS.map(([line, meaning]) => (
            <div key={line}>
              <dt>
                <code>{line}</code>
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}

function Prose({ draft, faults, change }: PartProps) {
  const set = (key: string, text: string) => change({ card: { ...draft.card, [key]: text } });
  return (
    <div className="form-grid">
      <Line
        label="Authors"
        hint="with commas between them"
        reasons={reasonsAt(faults, "card.authors")}
        value={draft.card.authors ?? ""}
        onChange={(text) => set("authors", text)}
      />
      <Line
        label="Smallest group that is told of"
        hint="demographics are told in bands of at least so many people; left empty: 5"
        type="number"
        reasons={reasonsAt(faults, "card.smallest_band")}
        value={draft.card.smallest_band ?? ""}
        onChange={(text) => set("smallest_band", text)}
      />
      {PROSE.map(([key, label, hint]) => (
        <Field key={key} label={label} hint={hint} reasons={reasonsAt(faults, `card.${key}`)}>
          {(field) => (
            <textarea
              {...field}
              rows={3}
              value={draft.card[key] ?? ""}
              onChange={(event) => set(key, event.target.value)}
            />
          )}
        </Field>
      ))}
    </div>
  );
}

/** Why it was not saved; takes the focus, so that nobody looks for it. */
function Refusal({ error, faults }: { error: unknown; faults: readonly Fault[] }) {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another refusal takes the focus again.
  useEffect(() => box.current?.focus(), [error]);
  const changed = error instanceof ApiError && error.status === 412;
  return (
    <div className="problem" role="alert" ref={box} tabIndex={-1}>
      {faults.length === 0 ? <p>{explain(error)}</p> : <p>It was not saved:</p>}
      {changed ? (
        <p>
          Open this page again to see what it is now; what you typed here is not lost as long as it stays
          open.
        </p>
      ) : null}
      <ul className="bullets">
        {faults.map(({ place, reason }) => (
          <li key={`${place} ${reason}`}>
            {place ? `${place}: ` : ""}
            {reason}
          </li>
        ))}
      </ul>
    </div>
  );
}

function RecipeForm({ from, tag }: { from: Draft; tag: string | null }) {
  const [draft, setDraft] = useState(from);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [, go] = useLocation();
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

export function NewDatasetPage() {
  const [from] = useState(() => emptyDraft(newUuid()));
  return (
    <Page title="New dataset" crumbs={[{ label: "Datasets", href: "/datasets" }]}>
      <RecipeForm from={from} tag={null} />
    </Page>
  );
}

export function RecipePage({ name }: { name: string }) {
  const [read, setRead] = useState<{ from: Draft; tag: string } | null>(null);
  const [error, setError] = useState<unknown>(null);
  // Read once: what somebody else saves meanwhile must not change under the hands of whoever types.
  useEffect(() => {
    let live = true;
    api
      .getTagged<Dataset>(`datasets/${name}/`)
      .then(({ data, tag }: Tagged<Dataset>) => live && setRead({ from: draftOf(data, newUuid), tag }))
      .catch((reason: unknown) => live && setError(reason));
    return () => {
      live = false;
    };
  }, [name]);
  return (
    <Page
      title={`Recipe of ${name}`}
      crumbs={[
        { label: "Datasets", href: "/datasets" },
        { label: name, href: `/datasets/${name}` },
      ]}
    >
      {read ? <RecipeForm {...read} /> : error ? <Problem error={error} /> : <Loading />}
    </Page>
  );
}
