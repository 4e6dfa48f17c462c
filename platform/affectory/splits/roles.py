"""Which role each item gets: by share, by share of crossed keys, or by a rule; what is settled stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from affectory.results import IntArray
from affectory.splits.labels import strata_of, targets_of
from affectory.splits.placement import FREE, place_groups
from affectory.splits.schemes import CrossedScheme, RatioScheme, RuleScheme, Scheme
from affectory.splits.ties import Ties, agreed

#: A group that ties together groups which stand in different roles since earlier.
TORN = -2


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """Roles as numbers; FREE is none.

    Attributes
    ----------
    names : sequence of str
        Of the roles.
    role : ndarray of int, shape (items,)
    settled : ndarray of int, shape (tokens,)
        Role that each name of the ties has had since earlier.
    by_key : ndarray of int, shape (tokens,)
        The same, with the roles that the scheme gives to values of keys by themselves.
    """

    names: Sequence[str]
    role: IntArray
    settled: IntArray
    by_key: IntArray


def choose(
    table: pd.DataFrame, scheme: Scheme, ties: Ties, group: IntArray, *, known: Mapping[str, str], seed: int
) -> Chosen:
    """Give every item a role, or none; `known` is the ledger."""
    if not isinstance(scheme, RatioScheme):
        return _by_rule(table, scheme, ties, known)
    names = list(scheme.roles)
    settled = _settled(ties, known, names)
    if isinstance(scheme, CrossedScheme):
        by_key = _crossed(table, scheme, ties, settled, seed)
        return Chosen(names, _of_crossed_items(ties, settled, by_key), settled, by_key)
    of_groups = _by_share(table, scheme, ties, group, settled, seed)[group]
    role = np.where(of_groups != TORN, of_groups, settled[: ties.n_items])
    return Chosen(names, role, settled, settled)


def _settled(ties: Ties, known: Mapping[str, str], names: Sequence[str]) -> IntArray:
    if not known:
        return np.full(len(ties.names), FREE)
    strange = {known[name] for name in ties.names if name in known} - set(names)
    if strange:
        raise ValueError(f"ledger: role {min(strange)!r} is not in the scheme ({', '.join(names)})")
    number = {role: at for at, role in enumerate(names)}
    had = (number[known[name]] if name in known else FREE for name in ties.names)
    return np.fromiter(had, dtype=np.int64, count=len(ties.names))


def _by_rule(table: pd.DataFrame, scheme: RuleScheme, ties: Ties, known: Mapping[str, str]) -> Chosen:
    by_rule = scheme.roles_of(table)
    names = sorted({role for role in by_rule if role is not None} | set(known.values()))
    settled = _settled(ties, known, names)
    number: dict[str | None, int] = {role: at for at, role in enumerate(names)} | {None: FREE}
    ruled = np.array([number[role] for role in by_rule])
    own = settled[: ties.n_items]
    return Chosen(names, np.where(own != FREE, own, ruled), settled, settled)


def _by_share(
    table: pd.DataFrame, scheme: RatioScheme, ties: Ties, group: IntArray, settled: IntArray, seed: int
) -> IntArray:
    """Place the free groups; TORN stays what is."""
    had = agreed(group[ties.item], settled[ties.token], int(group.max()) + 1, otherwise=TORN)
    placed = had != TORN
    strata, questions = strata_of(table, scheme)
    targets = targets_of(group, placed, strata, questions, scheme.shares)
    had[placed] = place_groups(targets, had[placed], steps=scheme.steps, seed=seed)
    return had


def _crossed(
    table: pd.DataFrame, scheme: CrossedScheme, ties: Ties, settled: IntArray, seed: int
) -> IntArray:
    """Place the values of each key by themselves."""
    by_key = settled.copy()
    for number, key in enumerate(scheme.keys):
        alone = ties.of(ties.kind == number)
        items, place = np.unique(alone.item, return_inverse=True)
        if not items.size:
            continue
        alone = replace(alone, item=place, n_items=items.size)
        group = alone.groups()
        placed = _by_share(table.iloc[items], scheme.of_key(key), alone, group, settled, seed)
        found = agreed(alone.token, placed[group[alone.item]], by_key.size, otherwise=FREE)
        by_key = np.where((by_key == FREE) & (found != TORN), found, by_key)
    return by_key


def _of_crossed_items(ties: Ties, settled: IntArray, by_key: IntArray) -> IntArray:
    """Give the role that all keys of an item, and of its near-duplicates, have; what is settled stays."""
    own = settled[: ties.n_items]
    keyed, by_id = ties.of(ties.kind >= 0), ties.of(ties.kind < 0)
    wanted = agreed(keyed.item, by_key[keyed.token], ties.n_items, otherwise=FREE)
    linked = by_id.groups()
    of_linked = agreed(
        np.concatenate([linked, linked[by_id.item]]),
        np.concatenate([np.where(own != FREE, own, wanted), settled[by_id.token]]),
        int(linked.max()) + 1,
        otherwise=TORN,
    )
    together = np.where(of_linked[linked] == wanted, wanted, FREE)
    return np.where(own != FREE, own, together)
