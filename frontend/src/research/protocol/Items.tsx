import type { Source } from "../../preview/messages";
import type { Collection, Corpus } from "../data/shapes";
import { useList } from "../data/useApi";
import { Field } from "../parts/Field";
import { More, Problem } from "../parts/States";

export const SAMPLES: Source = { collection: null, corpus: null };

interface ItemsProps {
  source: Source;
  onChoose(source: Source): void;
}

/** The choices as values of a list: which kind of source, and its name. */
const COLLECTION = "collection/";
const CORPUS = "corpus/";

function sourceOf(value: string): Source {
  if (value.startsWith(COLLECTION)) return { collection: value.slice(COLLECTION.length), corpus: null };
  if (value.startsWith(CORPUS)) return { collection: null, corpus: value.slice(CORPUS.length) };
  return SAMPLES;
}

function choiceOf({ collection, corpus }: Source): string {
  if (collection !== null) return COLLECTION + collection;
  return corpus === null ? "" : CORPUS + corpus;
}

/** What is rated: a collection, or all of a corpus that the protocol takes; before that, samples. */
export function Items({ source, onChoose }: ItemsProps) {
  const collections = useList<Collection>("collections/");
  const corpora = useList<Corpus>("corpora/");
  const groups = [
    ["Collections", COLLECTION, collections.data],
    ["All of a corpus that the protocol takes", CORPUS, corpora.data],
  ] as const;
  return (
    <div>
      <Field label="Items" hint="the first are shown; the study will have all of them" reasons={[]}>
        {(field) => (
          <select
            {...field}
            value={choiceOf(source)}
            onChange={(event) => onChoose(sourceOf(event.target.value))}
          >
            <option value="">samples, to look at the pages</option>
            {groups.map(([label, kind, rows]) =>
              rows && rows.length > 0 ? (
                <optgroup key={kind} label={label}>
                  {rows.map(({ name }) => (
                    <option key={name} value={kind + name}>
                      {name}
                    </option>
                  ))}
                </optgroup>
              ) : null,
            )}
          </select>
        )}
      </Field>
      {[collections, corpora].map((list, index) =>
        list.error ? <Problem key={groups[index]?.[1]} error={list.error} retry={list.reload} /> : null,
      )}
      <More of={collections} />
      <More of={corpora} />
    </div>
  );
}
