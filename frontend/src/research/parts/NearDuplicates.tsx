import { count, plural } from "../data/format";
import type { Check } from "../data/shapes";

type Found = NonNullable<Check["schemes"][number]["near_duplicates"]>;

const listed = (counts: readonly (readonly [string, string])[]): string =>
  counts
    .map(([what, n]) => `${what} (${n})`)
    .sort()
    .join(", ");

/** Which items stay together because they show the same, with an example, and how many could not be compared. */
export function NearDuplicates({ of: { items, links, example, not_compared } }: { of: Found }) {
  const silent = not_compared.reduce((sum, { items: n }) => sum + n, 0);
  return (
    <>
      {items > 0 ? (
        <p>
          {plural(items, "item")} that show the same stay together, by{" "}
          {listed(Object.entries(links).map(([kind, n]) => [kind, plural(n, "link")]))}.
          {example ? (
            <>
              {" "}
              For example <code>{example.item}</code> and <code>{example.other}</code>: {example.why}.
            </>
          ) : null}
        </p>
      ) : null}
      {silent > 0 ? (
        <p className="soft">
          {plural(silent, "item")} could be compared by bytes only:{" "}
          {listed(not_compared.map(({ reason, items: n }) => [reason, count(n)]))}.
        </p>
      ) : null}
    </>
  );
}
