"""Assign items to roles: groups never torn apart, old groups never moved, leaks counted and reported."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from affectory.splits.placement import FREE
from affectory.splits.report import SplitReport, report_of
from affectory.splits.roles import Chosen, choose
from affectory.splits.schemes import Scheme
from affectory.splits.ties import TWIN, Ties, tie_items
from affectory.splits.told import Ledger, OfItems

Items: TypeAlias = pd.DataFrame | Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class SplitAssignment:
    """Roles of items.

    Attributes
    ----------
    roles : mapping of item id to role or None
        None only for the items named in `report.without_role`.
    groups : mapping of item id to str
        Name of the group that the item is placed with: the first of the group's key values, or its first
        item's id.
    ledger : mapping of str to role
        What is settled: "id=..." of every item and "<key>=..." of every key value ever placed. Give it to
        the next call; `dict(ledger)` is JSON-ready.
    report : SplitReport
    """

    roles: OfItems[str | None]
    groups: OfItems[str]
    ledger: Ledger
    report: SplitReport


def assign_splits(
    items: Items,
    *,
    scheme: Scheme,
    ledger: Mapping[str, str] | None = None,
    links: Sequence[tuple[Hashable, Hashable]] = (),
    seed: int = 0,
) -> SplitAssignment:
    """Give every item a role.

    Parameters
    ----------
    items : DataFrame or sequence of mappings
        One row per item with "id" and the fields the scheme names; None or NaN in a key ties nothing, a list in a
        key ties the item to all of its values.
    scheme : RatioScheme, CrossedScheme, OfficialScheme, CutScheme or LeaveOneOutScheme
        How roles are chosen, and which fields tie items together.
    ledger : mapping of str to str, optional
        The `.ledger` of an earlier call: what it names never moves, and new items join their old group's
        role.
    links : sequence of (id, id)
        Near-duplicates that must share a role.
    seed : int
        Same items, ledger and seed: same roles.

    Returns
    -------
    SplitAssignment

    Notes
    -----
    Groups are the connected components over all keys and links. For a `RatioScheme`, free groups are placed
    by simulated annealing over sizes and label distributions; with enough groups, every role gets one.
    Rules decide item by item, and what they tear apart is reported as a leak.

    Examples
    --------
    >>> from affectory.splits import RatioScheme
    >>> clips = [{"id": i, "film": i // 2} for i in range(12)]
    >>> split = assign_splits(clips, scheme=RatioScheme(keys=("film",)))
    >>> split.report.sizes, split.report.leaks
    ({'train': 8, 'validation': 2, 'test': 2}, ())
    """
    table, known = _table(items, scheme), ledger or {}
    ids = _ids(table["id"])
    ties = tie_items(ids, table, scheme.keys, links=links, known=known)
    group = ties.groups()
    chosen = choose(table, scheme, ties, group, known=known, seed=seed)
    report = report_of(table, scheme, ties, group, chosen)
    group_names = ties.group_names(group)
    settled = _extended(known, ties, chosen)
    names: list[str | None] = [*chosen.names, None]
    return SplitAssignment(
        OfItems(ids, chosen.role, names),
        OfItems(ids, group, group_names),
        settled,
        report,
    )


def _ids(column: pd.Series) -> Sequence[Hashable]:
    """As Python objects; those of Arrow are made when they are asked for."""
    ids: Sequence[Hashable] = column.array if isinstance(column.dtype, pd.ArrowDtype) else column.tolist()
    return ids


def _table(items: Items, scheme: Scheme) -> pd.DataFrame:
    table = items if isinstance(items, pd.DataFrame) else pd.DataFrame(list(items))
    if table.empty:
        raise ValueError("items: there are none to split")
    needed = ("id", *scheme.fields)
    lacking = [name for name in needed if name not in table.columns]
    if lacking:
        raise ValueError(
            f"items: no field {', '.join(lacking)}; there are {', '.join(map(str, table.columns))}"
        )
    if not table["id"].is_unique:
        double = table["id"][table["id"].duplicated()].tolist()
        raise ValueError(f"items: id {double[0]!r} stands more than once")
    return table


def _extended(known: Mapping[str, str], ties: Ties, chosen: Chosen) -> Ledger:
    """What is settled now; a near-duplicate without a role is not settled by its twin."""
    placed = np.flatnonzero((ties.kind != TWIN) & (chosen.role[ties.item] != FREE))[::-1]
    of_items = np.full(len(ties.names), FREE)
    # Backwards, so that the first item counts.
    of_items[ties.token[placed]] = chosen.role[ties.item[placed]]
    roles = np.where(chosen.by_key != FREE, chosen.by_key, of_items)
    return Ledger(known, ties.names, roles, chosen.names)
