import { useEffect, useState } from "react";
import type { Source } from "../../preview/messages";
import type { ProtocolCheck } from "../data/shapes";
import { Page, Section } from "../parts/Page";
import { Problem } from "../parts/States";
import { Editor } from "../protocol/Editor";
import { Items, SAMPLES } from "../protocol/Items";
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
  const [source, setSource] = useState(SAMPLES);
  const [language, setLanguage] = useState("");
  useEffect(() => sessionStorage.setItem(KEPT, text), [text]);
  const { check, error } = useChecked(text);
  const written = text.trim() !== "";
  const previewed = usePreview(check?.protocol ? text : null, source, language);
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
          <Items source={source} onChoose={setSource} />
          <Look
            previewed={previewed}
            source={source}
            stale={check !== null && !check.protocol}
            onLanguage={setLanguage}
          />
        </Section>
      </div>
      <Section title="Start the study">
        <Start
          text={text}
          protocol={check?.protocol ?? null}
          missing={missing(written, check, source)}
          source={source}
          onStarted={() => sessionStorage.removeItem(KEPT)}
        />
      </Section>
    </Page>
  );
}

function missing(written: boolean, check: ProtocolCheck | null, source: Source): string {
  if (!written) return "First write or copy a protocol.";
  if (!check) return "Checking …";
  if (check.errors.length > 0) return "First mend the protocol.";
  return source === SAMPLES ? "First choose a collection or a corpus as its items." : "";
}
