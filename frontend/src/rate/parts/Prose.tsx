/** Plain text of a researcher: blank lines part paragraphs, lines beginning with "- " are a list. */
export function Prose({ text }: { text: string }) {
  const blocks = text
    .trim()
    .split(/\n\s*\n/)
    .map((block) => block.split("\n").map((line) => line.trim()));
  return (
    <div className="prose" dir="auto">
      {blocks.map((lines, index) =>
        lines.every((line) => /^[-*] /.test(line)) ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the text does not change.
          <ul key={index}>
            {lines.map((line) => (
              <li key={line}>{line.slice(2)}</li>
            ))}
          </ul>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the text does not change.
          <p key={index}>{lines.join(" ")}</p>
        ),
      )}
    </div>
  );
}
