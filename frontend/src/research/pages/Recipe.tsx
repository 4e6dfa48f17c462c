import { useEffect, useState } from "react";
import { newUuid } from "../../base/uuid";
import { api, type Tagged } from "../data/api";
import { type Draft, draftOf, emptyDraft } from "../data/recipe";
import type { Dataset } from "../data/shapes";
import { Page } from "../parts/Page";
import { Loading, Problem } from "../parts/States";
import { RecipeForm } from "../recipe/RecipeForm";

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
