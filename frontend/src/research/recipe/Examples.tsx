/** Lines that may be written into a field, each with what it means. */
export function Examples({
  title,
  lines,
}: {
  title: string;
  lines: readonly (readonly [line: string, meaning: string])[];
}) {
  return (
    <details>
      <summary>{title}</summary>
      <dl className="checks">
        {lines.map(([line, meaning]) => (
          <div key={line}>
            <dt>
              <code>{line}</code>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
