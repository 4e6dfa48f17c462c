"""What came out of a split: sizes, balance and leaks, counted again from the result."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from affectory.results import IntArray
from affectory.splits.labels import strata_of, targets_of
from affectory.splits.placement import FREE, total_variation
from affectory.splits.roles import Chosen
from affectory.splits.schemes import RatioScheme, Scheme
from affectory.splits.ties import Ties, extremes


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
        """Give the same as plain JSON types.

        Returns
        -------
        dict
            The attributes by name.

        Examples
        --------
        >>> import pandas as pd
        >>> from affectory.splits import OfficialScheme, assign_splits
        >>> items = pd.DataFrame({"id": [1, 2, 3], "film": list("abb"), "set": ["train", "test", "test"]})
        >>> scheme = OfficialScheme(role_field="set", keys=("film",))
        >>> assign_splits(items, scheme=scheme).report.as_dict()["sizes"]
        {'test': 2, 'train': 1}
        """
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


def report_of(
    table: pd.DataFrame, scheme: Scheme, ties: Ties, group: IntArray, chosen: Chosen
) -> SplitReport:
    """Count sizes, balance and leaks."""
    shares = scheme.shares.tolist() if isinstance(scheme, RatioScheme) else []
    told = dict(enumerate(chosen.names))
    if not shares:
        told = {at: chosen.names[at] for at in np.unique(chosen.role[chosen.role != FREE]).tolist()}
    return SplitReport(
        **_counted(told, chosen.role, group),
        wanted={told[at]: share for at, share in enumerate(shares)},
        total_variation=_balance(table, scheme, chosen, told),
        leaks=tuple(_leaks(ties, chosen)),
        without_role=tuple(ties.names[item] for item in np.flatnonzero(chosen.role == FREE).tolist()),
    )


def _counted(told: Mapping[int, str], role: IntArray, group: IntArray) -> dict[str, Any]:
    some, n_roles = role != FREE, max(told, default=0) + 1
    sizes = np.bincount(role[some], minlength=n_roles).tolist()
    groups = np.bincount(np.unique(group[some] * n_roles + role[some]) % n_roles, minlength=n_roles).tolist()
    placed = max(sum(sizes), 1)
    return {
        "sizes": {name: sizes[at] for at, name in told.items()},
        "groups": {name: groups[at] for at, name in told.items()},
        "shares": {name: sizes[at] / placed for at, name in told.items()},
        "largest_group": int(np.bincount(group).max()),
    }


def _balance(
    table: pd.DataFrame, scheme: Scheme, chosen: Chosen, told: Mapping[int, str]
) -> dict[str, dict[str, float | None]]:
    placed = chosen.role != FREE
    if not placed.any() or not (isinstance(scheme, RatioScheme) or scheme.categories or scheme.scales):
        return {}
    strata, questions = strata_of(table, scheme)
    even = np.ones(len(chosen.names)) / len(chosen.names)
    targets = targets_of(np.arange(placed.size), placed, strata, questions, even)
    apart = total_variation(targets, chosen.role[placed])
    return {
        name: {
            question: None if np.isnan(distance) else float(distance)
            for (_, question), distance in zip(questions, apart[at], strict=True)
        }
        for at, name in told.items()
    }


def _leaks(ties: Ties, chosen: Chosen) -> list[str]:
    """Names with items in several roles, in the order in which the items have them."""
    every = np.arange(len(ties.names))
    low, high = extremes(
        np.concatenate([ties.token, every]),
        np.concatenate([chosen.role[ties.item], chosen.settled]),
        every.size,
    )
    torn = ties.of((low != high)[ties.token])
    several: dict[int, set[int]] = {}
    for item, token in zip(torn.item.tolist(), torn.token.tolist(), strict=True):
        roles = several.setdefault(token, {int(chosen.settled[token])})
        roles.add(int(chosen.role[item]))
    return [
        f"{ties.names[token]} in {', '.join(sorted(chosen.names[role] for role in roles if role != FREE))}"
        for token, roles in several.items()
    ]
