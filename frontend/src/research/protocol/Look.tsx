import { useEffect, useState } from "react";
import type { JsonValue } from "../../api/types";
import type { Scheme, Source, Stage, Verdict } from "../../preview/messages";
import { nameOf } from "../../words/languages";
import { explain } from "../data/api";
import { Choices } from "../parts/Choices";
import { Field } from "../parts/Field";
import { Loading } from "../parts/States";
import { Frame, type Size } from "./Frame";
import { reasonsIn } from "./text";
import type { Previewed } from "./usePreview";

const SIZES = [
  { key: "phone", label: "Phone" },
  { key: "desktop", label: "Desktop" },
];
const SCHEMES = [
  { key: "light", label: "Light" },
  { key: "dark", label: "Dark" },
];

interface LookProps {
  previewed: Previewed;
  /** The items that were chosen. Others are not shown while theirs are made: what is done to them would be lost. */
  source: Source;
  /** The text has mistakes: what is shown is as it was before them. */
  stale: boolean;
  onLanguage(language: string): void;
}

/** Each page as the rater will see it. */
export function Look({ previewed, source, stale, onLanguage }: LookProps) {
  const { made, error, waiting } = previewed;
  const [stages, setStages] = useState<Stage[]>([]);
  const [stage, setStage] = useState("welcome");
  const [turn, setTurn] = useState(0);
  const [size, setSize] = useState<string>("phone");
  const [scheme, setScheme] = useState<string>("light");
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  // What was sent before the protocol changed says nothing of it now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another preview is another protocol.
  useEffect(() => setVerdict(null), [made]);
  if (waiting && made?.source !== source) return <Loading what="Making the pages" />;
  if (!made) {
    if (error) return <Failure error={error} />;
    return <p className="soft">The pages are shown here as soon as the protocol can be read.</p>;
  }
  const { language, languages } = made.preview.invite.study;
  const at = stages.findIndex(({ key }) => key === stage);
  const open = (key: string) => {
    setStage(key);
    setTurn(turn + 1);
    setVerdict(null);
  };
  const step = (by: number) => {
    const next = stages[at + by];
    if (next) open(next.key);
  };
  return (
    <div className="look">
      <div className="look-tools">
        <div className="look-stage">
          <button type="button" aria-label="Page before" disabled={at <= 0} onClick={() => step(-1)}>
            ‹
          </button>
          <Field label="Page" reasons={[]}>
            {(field) => (
              <select {...field} value={stage} onChange={(event) => open(event.target.value)}>
                {stages.map(({ key, label }) => (
                  <option key={key} value={key}>
                    {label}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <button
            type="button"
            aria-label="Page after"
            disabled={at < 0 || at >= stages.length - 1}
            onClick={() => step(1)}
          >
            ›
          </button>
        </div>
        {languages.length > 1 ? (
          <Field label="Language" reasons={[]}>
            {(field) => (
              <select {...field} value={language} onChange={(event) => onLanguage(event.target.value)}>
                {languages.map((one) => (
                  <option key={one} value={one} lang={one}>
                    {nameOf(one)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        ) : null}
        <div className="look-choices">
          <Choices name="Size" choices={SIZES} chosen={size} onChoose={setSize} />
          <Choices name="Scheme" choices={SCHEMES} chosen={scheme} onChoose={setScheme} />
        </div>
      </div>
      {error ? <Failure error={error} /> : null}
      {stale || error ? <p className="note">Below stand the pages as they were before.</p> : null}
      <Frame
        made={made}
        at={stage}
        turn={turn}
        scheme={scheme as Scheme}
        size={size as Size}
        onStages={(found) => {
          setStages(found);
          if (!found.some(({ key }) => key === stage)) setStage("welcome");
        }}
        onAt={setStage}
        onVerdict={setVerdict}
        onLanguage={onLanguage}
      />
      <div role="status">{verdict ? <Judged verdict={verdict} /> : null}</div>
      <p className="note">Answer as a rater would: what you send is checked, and nothing is stored.</p>
    </div>
  );
}

function Failure({ error }: { error: unknown }) {
  return (
    <div className="problem" role="alert">
      <p>The pages cannot be shown: {explain(error)}</p>
    </div>
  );
}

function Judged({ verdict }: { verdict: Verdict }) {
  if (verdict.accepted) return <p className="verdict accepted">These answers would be accepted.</p>;
  return (
    <div className="verdict">
      <p>These answers would be refused: {verdict.message}</p>
      <ul className="bullets">
        {reasonsIn(verdict.details as JsonValue).map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </div>
  );
}
