import { useEffect, useState } from "react";

const SAID_MS = 2000;

export function CopyButton({ text, label = "Copy", what }: { text: string; label?: string; what: string }) {
  const [outcome, setOutcome] = useState<"copied" | "refused" | null>(null);
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome("copied");
    } catch {
      // No clipboard without HTTPS: the text itself can still be selected.
      setOutcome("refused");
    }
  };
  const shown = outcome === "copied" ? "Copied" : outcome === "refused" ? "Select and copy" : label;
  return (
    <button type="button" className="small copy" aria-label={`${label} ${what}`} onClick={() => void copy()}>
      <span aria-live="polite">{shown}</span>
    </button>
  );
}

/** The first figures of a digest; the whole of it can be copied. */
export function Digest({ of, what }: { of: string; what: string }) {
  return (
    <span className="digest">
      <code title={of}>{of.replace(/^sha256:/, "").slice(0, 12)}…</code> <CopyButton text={of} what={what} />
    </span>
  );
}

/** Lines to copy into a terminal or a program. */
export function Snippet({ text, what }: { text: string; what: string }) {
  return (
    <div className="snippet">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="snippet-lines" aria-label={what} tabIndex={0}>
        <pre>
          <code>{text}</code>
        </pre>
      </section>
      <CopyButton text={text} what={what} />
    </div>
  );
}
