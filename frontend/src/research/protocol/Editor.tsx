import { type RefObject, useId, useRef } from "react";
import type { ProtocolFault } from "../data/shapes";
import { lineCount, lineSpan } from "./text";

interface EditorProps {
  text: string;
  faults: readonly ProtocolFault[];
  checking: boolean;
  onChange(text: string): void;
}

/** A text with numbered lines, and what is wrong with it by line, key and reason. */
export function Editor({ text, faults, checking, onChange }: EditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const numbers = useRef<HTMLDivElement>(null);
  const id = useId();
  const wrong = new Set(faults.map(({ line }) => line));
  const lines = Array.from({ length: lineCount(text) }, (_, index) => index + 1);
  return (
    <div className="protocol-text">
      <label htmlFor={id}>Protocol, as TOML</label>
      <div className="editor">
        <div className="editor-numbers" aria-hidden="true" ref={numbers}>
          {lines.map((line) => (
            <span key={line} className={wrong.has(line) ? "wrong" : undefined}>
              {line}
            </span>
          ))}
        </div>
        <textarea
          id={id}
          ref={area}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          value={text}
          placeholder="Copy a preset, open a file, or paste a protocol here."
          aria-invalid={faults.length > 0 || undefined}
          aria-describedby={`${id}-faults`}
          onChange={(event) => onChange(event.target.value)}
          onScroll={(event) => {
            if (numbers.current) numbers.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
      <div id={`${id}-faults`}>
        <p className="protocol-state" role="status">
          {stateOf(text, faults.length, checking)}
        </p>
        {faults.length > 0 ? (
          <ol className="faults">
            {faults.map((fault) => (
              <li key={`${fault.line}/${fault.key}/${fault.reason}`}>
                <button type="button" className="small" onClick={() => goTo(area, text, fault.line)}>
                  {fault.line === null ? "Whole text" : `Line ${fault.line}`}
                </button>
                <span>
                  {fault.key ? (
                    <>
                      <code>{fault.key}</code>:{" "}
                    </>
                  ) : null}
                  {fault.reason}
                </span>
              </li>
            ))}
          </ol>
        ) : null}
      </div>
    </div>
  );
}

function stateOf(text: string, faults: number, checking: boolean): string {
  if (text.trim() === "") return "There is no protocol yet.";
  if (checking) return "Checking …";
  if (faults === 0) return "Nothing is wrong with it.";
  return faults === 1 ? "One thing is wrong:" : `${faults} things are wrong:`;
}

const LINES_ABOVE = 4;

/** Selects a line and brings it into sight. */
function goTo(area: RefObject<HTMLTextAreaElement | null>, text: string, line: number | null): void {
  const node = area.current;
  if (!node) return;
  node.focus();
  if (line === null) return;
  node.setSelectionRange(...lineSpan(text, line));
  const height = Number.parseFloat(getComputedStyle(node).lineHeight);
  node.scrollTo({ top: (line - 1 - LINES_ABOVE) * height, left: 0 });
}
