import { figure, words } from "../data/format";
import type { SchemeReport } from "../data/shapes";
import { inOrder } from "../data/splits";
import "./Balance.css";

/** What a scheme that spreads no labels balances: the number of items, which the shares tell already. */
const NO_LABEL = "items";

/** The distances of one scheme: role, then label; roles in the usual order. */
const distances = ({ sizes, total_variation }: SchemeReport) =>
  inOrder(sizes).flatMap(([role]) =>
    Object.entries(total_variation[role] ?? {})
      .filter(([label]) => label !== NO_LABEL)
      .map(([label, value]) => ({ role, label, value })),
  );

/** How far the labels of each part are from those of all items; nothing where no labels were spread. */
export function Balance({ scheme }: { scheme: SchemeReport }) {
  const rows = distances(scheme);
  if (rows.length === 0) return null;
  return (
    <>
      <h3>Balance of {scheme.name}</h3>
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
