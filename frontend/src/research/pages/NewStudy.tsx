import { useEffect, useState } from "react";
import type { Collection, ProtocolCheck } from "../data/shapes";
import { useList } from "../data/useApi";
import { Field } from "../parts/Field";
import { Page, Section } from "../parts/Page";
import { More, Problem } from "../parts/States";
import { Editor } from "../protocol/Editor";
import { Look } from "../protocol/Look";
import { Sources } from "../protocol/Sources";
import { Start } from "../protocol/Start";
import { useChecked } from "../protocol/useChecked";
import { usePreview } from "../protocol/usePreview";
import "../protocol/protocol.css";

/** What is written outlives a reload of this tab. */
const KEPT = "affectory.protocol";

/** A protocol of one's own: written, looked at, and run. */
export function NewStudyPage() {
  const [text, setText] = useState(() => sessionStorage.getItem(KEPT) ?? "");
  const [begun, setBegun] = useState("");
  const [collection, setCollection] = useState<string | null>(null);
  const [language, setLanguage] = useState("");
  useEffect(() => sessionStorage.setItem(KEPT, text), [text]);
  const { check, error } = useChecked(text);
  const written = text.trim() !== "";
  const previewed = usePreview(check?.protocol ? text : null, collection, language);
  const begin = (from: string) => {
    setText(from);
    setBegun(from);
    setLanguage("");
  };
  return (
    <Page title="New study" crumbs={[{ label: "Studies", href: "/studies" }]}>
      <div className="protocol-bench">
        <Section title="Protocol" note="What is asked, how items are shown, who rates what, what counts.">
          <Sources atRisk={written && text !== begun} onText={begin} />
          <Editor
            text={text}
            faults={check?.errors ?? []}
            checking={written && !check && !error}
            onChange={setText}
          />
          {error ? <Problem error={error} /> : null}
        </Section>
        <Section title="As the rater sees it">
          <Items collection={collection} onChoose={setCollection} />
          <Look previewed={previewed} stale={check !== null && !check.protocol} onLanguage={setLanguage} />
        </Section>
      </div>
      <Section title="Start the study">
        <Start
          text={text}
          protocol={check?.protocol ?? null}
          missing={missing(written, check, collection)}
          collection={collection}
          onStarted={() => sessionStorage.removeItem(KEPT)}
        />
      </Section>
    </Page>
  );
}

function missing(written: boolean, check: ProtocolCheck | null, collection: string | null): string {
  if (!written) return "First write or copy a protocol.";
  if (!check) return "Checking …";
  if (check.errors.length > 0) return "First mend the protocol.";
  return collection === null ? "First choose a collection as its items." : "";
}

interface ItemsProps {
  collection: string | null;
  onChoose(collection: string | null): void;
}

function Items({ collection, onChoose }: ItemsProps) {
  const collections = useList<Collection>("collections/");
  return (
    <div>
      <Field
        label="Items"
        hint="the first of a collection are shown; the study will have all of them"
        reasons={[]}
      >
        {(field) => (
          <select
            {...field}
            value={collection ?? ""}
            onChange={(event) => onChoose(event.target.value || null)}
          >
            <option value="">samples, to look at the pages</option>
            {(collections.data ?? []).map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </Field>
      {collections.error ? <Problem error={collections.error} retry={collections.reload} /> : null}
      <More of={collections} />
    </div>
  );
}
