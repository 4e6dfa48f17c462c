import { type FormEvent, useId, useState } from "react";
import { useLocation } from "wouter";
import { api } from "../data/api";
import type { NewReview, NewReviewBody, Study } from "../data/shapes";
import { Confirm } from "./Confirm";
import { Field } from "./Field";
import { Section } from "./Page";
import { RoundLinks, StartRound } from "./Rounds";
import "./Reviews.css";

interface Lines {
  name: string;
  text: string;
}

function LinesField({ lines, onRead }: { lines: Lines | null; onRead(lines: Lines | null): void }) {
  const read = async (file: File | undefined) =>
    onRead(file ? { name: file.name, text: await file.text() } : null);
  return (
    <Field
      label="File"
      hint={
        <>
          a line <code>{'{"item": key, "question": key, "value": answer}'}</code> for each proposal
          {lines ? `; ${lines.name} is read` : ""}
        </>
      }
      reasons={[]}
    >
      {(field) => (
        <input
          {...field}
          type="file"
          accept=".jsonl,.json,.txt"
          onChange={(event) => void read(event.target.files?.[0])}
        />
      )}
    </Field>
  );
}

/** A study whose raters confirm or change what is proposed for each item of this one. */
function StartReview({ study }: { study: Study }) {
  const group = useId();
  const [slug, setSlug] = useState(`${study.slug}-checked`);
  const [fromLabels, setFromLabels] = useState(study.analysis !== null);
  const [lines, setLines] = useState<Lines | null>(null);
  const [source, setSource] = useState("");
  const [asking, setAsking] = useState(false);
  const [, go] = useLocation();
  const body: NewReviewBody = {
    slug,
    lines: fromLabels ? null : (lines?.text ?? ""),
    source: fromLabels ? "" : source || (lines?.name ?? ""),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsking(true);
  };
  return (
    <div>
      <form className="start-review" onSubmit={submit}>
        <h3>Review</h3>
        <p className="soft">Raters see a proposal for each item, and confirm or change it.</p>
        <fieldset>
          <legend>What is proposed</legend>
          <label>
            <input
              type="radio"
              name={group}
              checked={fromLabels}
              disabled={study.analysis === null}
              onChange={() => setFromLabels(true)}
            />
            the newest labels of this study{study.analysis ? "" : " (there are none yet)"}
          </label>
          <label>
            <input type="radio" name={group} checked={!fromLabels} onChange={() => setFromLabels(false)} />a
            file, such as a model’s predictions
          </label>
        </fieldset>
        {fromLabels ? null : (
          <>
            <LinesField lines={lines} onRead={setLines} />
            <Field label="Who or what made it" hint="kept with the study; for example: model M" reasons={[]}>
              {(field) => (
                <input {...field} value={source} onChange={(event) => setSource(event.target.value)} />
              )}
            </Field>
          </>
        )}
        <Field label="Name of the review for programs" reasons={[]}>
          {(field) => (
            <input {...field} value={slug} required onChange={(event) => setSlug(event.target.value)} />
          )}
        </Field>
        <p>
          <button type="submit" disabled={!fromLabels && lines === null}>
            Start a review
          </button>
        </p>
      </form>
      {asking ? (
        <Confirm
          title={`Start the review ${slug}?`}
          action="Start the review"
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            const made = await api.post<NewReview>(`studies/${study.slug}/reviews/`, body);
            go(`/studies/${made.study}`);
          }}
        >
          <p>
            Its raters are shown {fromLabels ? "the newest labels" : `what ${lines?.name ?? "the file"} says`}{" "}
            for the items of {study.title}, and their answers are marked as given after that. It gets an
            invite link of its own.
          </p>
        </Confirm>
      ) : null}
    </div>
  );
}

/** Asks raters about the items of a study again, after showing them something; and the links of those who were named. */
export function Reviews({ study }: { study: Study }) {
  return (
    <Section
      title="Reviews and consensus"
      note="New studies with the same questions on items of this one. What was answered here stays as it is."
    >
      {study.review?.kind === "consensus" ? <RoundLinks slug={study.slug} /> : null}
      <div className="columns">
        <StartReview study={study} />
        {study.imported ? null : <StartRound study={study} />}
      </div>
    </Section>
  );
}
