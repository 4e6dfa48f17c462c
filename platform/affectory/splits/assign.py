"""Assign items to roles: groups never torn apart, old groups never moved, leaks counted and reported."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from affectory.results import BoolArray, FloatArray, IntArray
from affectory.splits.groups import connected_components
from affectory.splits.placement import FREE, Targets, place_groups, total_variation
from affectory.splits.schemes import CrossedScheme, RatioScheme, Scheme
from affectory.splits.values import named, present

Items: TypeAlias = pd.DataFrame | Sequence[Mapping[str, Any]]
#: A group that ties together groups which stand in different roles since earlier.
TORN = -2


@dataclass(frozen=True, slots=True)
class SplitReport:
    """What came out.

    Attributes
    ----------
    sizes, groups : mapping of role to int
        Items and groups per role.
    shares, wanted : mapping of role to float
        Share of the placed items, as it is and as it was asked for; rules ask for none.
    total_variation : mapping of role to mapping of question to float or None
        Distance (0 to 1) of the role's label distribution from that of all items with a role; None for a
        role without any such label. Empty where a rule names no labels.
    leaks : tuple of str
        Every value of a key, and every near-duplicate link, that has items in several roles. Empty is the
        goal.
    without_role : tuple of str
        Items ("id=...") without a role: those that tie together groups which stand in different roles since
        earlier, those whose crossed keys stand in different roles, and those for which a rule has none.
    largest_group : int
        Items of the largest group.
    """

    sizes: Mapping[str, int]
    groups: Mapping[str, int]
    shares: Mapping[str, float]
    wanted: Mapping[str, float]
    total_variation: Mapping[str, Mapping[str, float | None]]
    leaks: tuple[str, ...]
    without_role: tuple[str, ...]
    largest_group: int

    def as_dict(self) -> dict[str, Any]:
        """Give the same as plain JSON types."""
        return {
            "sizes": dict(self.sizes),
            "groups": dict(self.groups),
            "shares": dict(self.shares),
            "wanted": dict(self.wanted),
            "total_variation": {role: dict(apart) for role, apart in self.total_variation.items()},
            "leaks": list(self.leaks),
            "without_role": list(self.without_role),
            "largest_group": self.largest_group,
        }


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
        the next call; JSON-ready.
    report : SplitReport
    """

    roles: Mapping[Hashable, str | None]
    groups: Mapping[Hashable, str]
    ledger: Mapping[str, str]
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
    >>> clips = [{"id": i, "film": i // 2} for i in range(12)]
    >>> split = assign_splits(clips, scheme=RatioScheme(keys=("film",)))
    >>> split.report.sizes, split.report.leaks
    ({'train': 8, 'validation': 2, 'test': 2}, ())
    """
    table = _table(items, scheme)
    ids, known = table["id"].tolist(), dict(ledger or {})
    tokens = _tokens(table, scheme.keys, links, known)
    group = _components(tokens)
    roles, settled = _roles(table, tokens, group, scheme, known=known, seed=seed)
    names, wanted = _wanted(scheme, roles)
    report = SplitReport(
        **_counted(names, roles, group),
        wanted=wanted,
        total_variation=_balance(table, scheme, roles, names),
        leaks=_leaks(tokens, roles, known),
        without_role=tuple(own[0] for own, role in zip(tokens, roles, strict=True) if role is None),
    )
    names_of_groups = [_group_name(gathered) for gathered in _by_group(tokens, group)]
    groups = {item: names_of_groups[place] for item, place in zip(ids, group, strict=True)}
    return SplitAssignment(
        dict(zip(ids, roles, strict=True)), groups, _extended(settled, tokens, roles), report
    )


def _roles(
    table: pd.DataFrame,
    tokens: list[list[str]],
    group: IntArray,
    scheme: Scheme,
    *,
    known: dict[str, str],
    seed: int,
) -> tuple[list[str | None], dict[str, str]]:
    """Roles of the items, and what is settled by the keys alone."""
    if isinstance(scheme, CrossedScheme):
        return _crossed(table, tokens, scheme, known=known, seed=seed)
    if isinstance(scheme, RatioScheme):
        return _optimised(table, tokens, group, scheme, known=known, seed=seed), known
    by_rule = scheme.roles_of(table)
    return [known.get(own[0], role) for own, role in zip(tokens, by_rule, strict=True)], known


def _wanted(scheme: Scheme, roles: list[str | None]) -> tuple[list[str], dict[str, float]]:
    """Names of the roles, and the shares they should have."""
    if isinstance(scheme, RatioScheme):
        return list(scheme.roles), dict(zip(scheme.roles, scheme.shares.tolist(), strict=True))
    return sorted({role for role in roles if role is not None}), {}


def _crossed(
    table: pd.DataFrame, tokens: list[list[str]], scheme: CrossedScheme, *, known: dict[str, str], seed: int
) -> tuple[list[str | None], dict[str, str]]:
    """Place the values of each key by themselves; an item has the role that all of its keys have."""
    _refuse_strange({known[own[0]] for own in tokens if own[0] in known}, scheme.roles)
    settled = dict(known)
    for key in scheme.keys:
        some = table[table[key].notna()]
        earlier = {token: role for token, role in known.items() if token.startswith(f"{key}=")}
        if len(some):
            placed = assign_splits(some, scheme=scheme.of_key(key), ledger=earlier, seed=seed).ledger
            settled |= {token: role for token, role in placed.items() if token.startswith(f"{key}=")}
    by_keys: list[str | None] = []
    for own in tokens:
        found = {settled[token] for token in own if token in settled and not token.startswith("id=")}
        by_keys.append(found.pop() if len(found) == 1 else None)
    return _agreed_with_twins(tokens, by_keys, known), settled


def _agreed_with_twins(
    tokens: list[list[str]], roles: list[str | None], known: dict[str, str]
) -> list[str | None]:
    """Keep what is settled; near-duplicates whose keys stand in different roles get none."""
    ids = [[token for token in own if token.startswith("id=")] for own in tokens]
    linked = _components(ids)
    held: dict[int, set[str]] = {}
    for place, own, role in zip(linked, ids, roles, strict=True):
        asked = known.get(own[0], role)
        held.setdefault(place, set()).update(known[token] for token in own if token in known)
        held[place].update([asked] if asked is not None else [])
    return [
        known.get(own[0], role if held[place] == {role} else None)
        for place, own, role in zip(linked, ids, roles, strict=True)
    ]


def _optimised(
    table: pd.DataFrame,
    tokens: list[list[str]],
    group: IntArray,
    scheme: RatioScheme,
    *,
    known: Mapping[str, str],
    seed: int,
) -> list[str | None]:
    settled = [_settled_role(names, scheme.roles, known) for names in _by_group(tokens, group)]
    placed = np.array([role != TORN for role in settled], dtype=bool)
    strata, questions = _strata(table, scheme)
    targets = _targets(group, placed, strata, questions, scheme.shares)
    role = np.full(placed.size, TORN, dtype=np.int64)
    fixed = np.array(settled, dtype=np.int64)[placed]
    role[placed] = place_groups(targets, fixed, steps=scheme.steps, seed=seed)
    names = list(scheme.roles)
    return [
        names[role[place]] if role[place] != TORN else known.get(own[0])
        for place, own in zip(group, tokens, strict=True)
    ]


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
    double = table["id"][table["id"].duplicated()].tolist()
    if double:
        raise ValueError(f"items: id {double[0]!r} stands more than once")
    return table


def _tokens(
    table: pd.DataFrame,
    keys: tuple[str, ...],
    links: Sequence[tuple[Hashable, Hashable]],
    known: Mapping[str, str],
) -> list[list[str]]:
    """Give what ties each item to others: its id first, then its key values and near-duplicates."""
    tokens = [[named("id", item, known)] for item in table["id"]]
    _refuse_one_name_for_two(table["id"].tolist(), tokens)
    for key in keys:
        for own, value in zip(tokens, table[key], strict=True):
            own.extend(named(key, one, known) for one in present(value))
    place = {item: i for i, item in enumerate(table["id"])}
    for link in links:
        for item, twin in (link, link[::-1]):
            if item in place:
                tokens[place[item]].append(named("id", twin, known))
            elif named("id", item, known) not in known:
                raise ValueError(f"links: {item!r} is neither an item nor in the ledger")
    return tokens


def _refuse_one_name_for_two(ids: list[Any], tokens: list[list[str]]) -> None:
    """Refuse ids such as 1 and "1", which no ledger can tell apart."""
    first: dict[str, Any] = {}
    for item, own in zip(ids, tokens, strict=True):
        other = first.setdefault(own[0], item)
        if other is not item:
            raise ValueError(f"items: ids {other!r} and {item!r} are the same in the ledger ({own[0]!r})")


def _components(tokens: list[list[str]]) -> IntArray:
    first: dict[str, int] = {}
    shared: dict[str, list[int]] = {}
    for item, own in enumerate(tokens):
        for token in own:
            if (before := first.setdefault(token, item)) != item:
                shared.setdefault(token, [before]).append(item)
    return connected_components(len(tokens), shared.values())


def _by_group(tokens: list[list[str]], group: IntArray) -> list[list[str]]:
    gathered: list[list[str]] = [[] for _ in range(int(group.max()) + 1)]
    for own, place in zip(tokens, group, strict=True):
        gathered[place].extend(own)
    return gathered


def _group_name(tokens: list[str]) -> str:
    return min(tokens, key=lambda token: (token.startswith("id="), token))


def _settled_role(tokens: list[str], roles: Mapping[str, float], known: Mapping[str, str]) -> int:
    """Number of the role a group has had since earlier; FREE for a new one, TORN for several."""
    had = {known[token] for token in tokens if token in known}
    _refuse_strange(had, roles)
    if not had:
        return FREE
    return list(roles).index(had.pop()) if len(had) == 1 else TORN


def _refuse_strange(had: set[str], roles: Mapping[str, float]) -> None:
    strange = had - set(roles)
    if strange:
        raise ValueError(f"ledger: role {min(strange)!r} is not in the scheme ({', '.join(roles)})")


def _strata(table: pd.DataFrame, scheme: Scheme) -> tuple[FloatArray, list[tuple[int, str]]]:
    """Give one-hot strata per item, and first column and name of each question."""
    parts = [(name, _label_columns(table[name])) for name in scheme.categories]
    if scheme.scales:
        parts.append((f"grid({', '.join(scheme.scales)})", _grid_columns(table, scheme)))
    if not parts:
        parts = [("items", np.ones((len(table), 1)))]
    widths = [columns.shape[1] for _, columns in parts]
    starts = np.concatenate([[0], np.cumsum(widths)[:-1]])
    questions = [(int(start), name) for start, (name, _) in zip(starts, parts, strict=True)]
    return np.hstack([columns for _, columns in parts]), questions


def _label_columns(labels: pd.Series) -> FloatArray:
    sets = [_label_set(label) for label in labels]
    column = {label: i for i, label in enumerate(sorted({label for chosen in sets for label in chosen}))}
    hot = np.zeros((len(sets), max(len(column), 1)))
    for row, chosen in enumerate(sets):
        hot[row, [column[label] for label in chosen]] = 1
    return hot


def _label_set(label: Any) -> set[str]:
    if isinstance(label, list | tuple | set | frozenset):
        return {str(one) for one in label}
    return set() if pd.isna(label) else {str(label)}


def _grid_columns(table: pd.DataFrame, scheme: Scheme) -> FloatArray:
    numbers = table[list(scheme.scales)].to_numpy(dtype=np.float64)
    cell = np.zeros(len(numbers), dtype=np.int64)
    known = ~np.isnan(numbers).any(axis=1)
    for column in numbers.T:
        inner = np.quantile(column[known], np.arange(1, scheme.bins) / scheme.bins) if known.any() else []
        cell = cell * scheme.bins + np.searchsorted(inner, column, side="right")
    present, code = np.unique(cell[known], return_inverse=True)
    hot = np.zeros((len(numbers), max(present.size, 1)))
    hot[np.flatnonzero(known), code] = 1
    return hot


def _targets(
    group: IntArray,
    placed: BoolArray,
    strata: FloatArray,
    questions: list[tuple[int, str]],
    shares: FloatArray,
) -> Targets:
    sizes = np.bincount(group, minlength=placed.size).astype(np.float64)
    gathered = np.zeros((placed.size, strata.shape[1]))
    np.add.at(gathered, group, strata)
    starts = np.array([start for start, _ in questions], dtype=np.int64)
    return Targets(sizes[placed], gathered[placed], starts, shares)


def _counted(names: list[str], roles: list[str | None], group: IntArray) -> dict[str, Any]:
    sizes = {name: roles.count(name) for name in names}
    pairs = {(int(place), role) for place, role in zip(group, roles, strict=True)}
    placed = max(sum(sizes.values()), 1)
    return {
        "sizes": sizes,
        "groups": {name: sum(role == name for _, role in pairs) for name in names},
        "shares": {name: size / placed for name, size in sizes.items()},
        "largest_group": int(np.bincount(group).max()),
    }


def _balance(
    table: pd.DataFrame, scheme: Scheme, roles: list[str | None], names: list[str]
) -> dict[str, dict[str, float | None]]:
    """Compare label distributions again from the result, item by item."""
    placed = np.array([role is not None for role in roles], dtype=bool)
    if not placed.any() or not (isinstance(scheme, RatioScheme) or scheme.categories or scheme.scales):
        return {}
    strata, questions = _strata(table, scheme)
    targets = _targets(np.arange(len(roles)), placed, strata, questions, np.ones(len(names)) / len(names))
    apart = total_variation(targets, np.array([names.index(role) for role in roles if role is not None]))
    return {
        name: {
            question: None if np.isnan(distance) else float(distance)
            for (_, question), distance in zip(questions, row, strict=True)
        }
        for name, row in zip(names, apart, strict=True)
    }


def _leaks(
    tokens: list[list[str]],
    roles: list[str | None],
    known: Mapping[str, str],
) -> tuple[str, ...]:
    """Count again from the result, not from the groups that made it."""
    first: dict[str, str | None] = {}
    several: dict[str, set[str]] = {}
    for own, role in zip(tokens, roles, strict=True):
        for token in own:
            had = first.get(token) or known.get(token, role)
            first[token] = had
            if had is not None and role is not None and had != role:
                several.setdefault(token, {had}).add(role)
    return tuple(f"{token} in {', '.join(sorted(several[token]))}" for token in first if token in several)


def _extended(known: dict[str, str], tokens: list[list[str]], roles: list[str | None]) -> dict[str, str]:
    """What is settled now; a near-duplicate without a role is not settled by its twin."""
    settled = dict(known)
    for own, role in zip(tokens, roles, strict=True):
        if role is not None:
            for token in own:
                if token == own[0] or not token.startswith("id="):
                    settled.setdefault(token, role)
    return settled
