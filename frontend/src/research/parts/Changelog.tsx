import type { ReactNode } from "react";

interface Block {
  kind: "heading" | "list" | "text";
  lines: string[];
}

/** Headings, lists and paragraphs of a changelog; the title on top is the page's own. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  for (const line of markdown.replace(/^# .*\n/, "").split("\n")) {
    const kind = line.startsWith("## ") ? "heading" : /^[-*] /.test(line) ? "list" : "text";
    const text = line.replace(/^(?:## |[-*] )/, "").trim();
    const last = blocks.at(-1);
    if (text === "") blocks.push({ kind: "text", lines: [] });
    else if (last && last.kind === kind && kind !== "heading" && last.lines.length > 0) last.lines.push(text);
    else blocks.push({ kind, lines: [text] });
  }
  return blocks.filter(({ lines }) => lines.length > 0);
}

function shown({ kind, lines }: Block): ReactNode {
  if (kind === "heading") return <h3>{lines[0]}</h3>;
  if (kind === "text") return <p>{lines.join(" ")}</p>;
  return (
    <ul className="bullets">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

export function Changelog({ text }: { text: string }) {
  return (
    <div className="changelog">
      {blocksOf(text).map((block) => (
        <div key={block.lines.join("\n")}>{shown(block)}</div>
      ))}
    </div>
  );
}
