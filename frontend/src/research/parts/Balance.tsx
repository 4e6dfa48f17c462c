import { figure, words } from "../data/format";
import type { ReleaseDetail } from "../data/shapes";
import { inOrder } from "../data/splits";
import "./Balance.css";

/** Part, then label, then distance; null: no item of the part has the label. */
export type Distances = Record<string, Record<string, number | null>>;

interface BalanceProps {
  name: string;
  /** Items of each part. */
  sizes: Record<string, number>;
  distances: Distances;
}

/** What a scheme that spreads no labels balances: the number of items, which the shares tell already. */
const NO_LABEL = "items";

const withoutNumbers = (distances: Distances): Distances =>
  Object.fromEntries(Object.entries(distances).map(([role, { [NO_LABEL]: _, ...labels }]) => [role, labels]));

/** What is told of each scheme: of the one that makes the parts every label, of others what they spread. */
export function balances(summary: ReleaseDetail["summary"]): BalanceProps[] {
  const { balance = {}, default_split, schemes = [] } = summary;
  return schemes.map(({ name, sizes, total_variation }) => {
    const spread = withoutNumbers(total_variation);
    const all = (role: string) => ({ ...(name === default_split ? balance[role] : {}), ...spread[role] });
    return {
      name,
      sizes,
      distances: Object.fromEntries(Object.keys(sizes).map((role) => [role, all(role)])),
    };
  });
}

const barsOf = (sizes: Record<string, number>, distances: Distances) =>
  inOrder(sizes).flatMap(([role]) =>
    Object.entries(distances[role] ?? {}).map(([label, value]) => ({ role, label, value })),
  );

/** How far the labels of each part are from those of all items; nothing where there are no labels. */
export function Balance({ name, sizes, distances }: BalanceProps) {
  const rows = barsOf(sizes, distances);
  if (rows.length === 0) return null;
  return (
    <>
      <h3>Balance of {name}</h3>
      <p className="soft">
        Total variation distance between the labels of a part and those of all items: 0 is the same
        distribution, 1 has nothing in common.
      </p>
      <ul className="balance">
        {rows.map(({ role, label, value }) => (
          <li key={`${role} ${label}`}>
            <span>
              {words(role)}: {label}
            </span>
            <span className="balance-bar" aria-hidden="true">
              <span style={{ width: `${(value ?? 0) * 100}%` }} />
            </span>
            <span className="tabular">{figure(value)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
