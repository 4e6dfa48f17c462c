"""How roles are chosen: by share, by a field that says so, by cuts of a field, or one group at a time.

Every scheme may name `categories`, `scales` and `bins`: labels whose spread over the roles is reported.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from affectory.results import FloatArray
from affectory.splits.values import present, spelt


@dataclass(frozen=True, slots=True, kw_only=True)
class _Labels:
    """Labels whose spread over the roles matters.

    Attributes
    ----------
    categories : tuple of str
        Fields with labels; a list in such a field is several labels.
    scales : tuple of str
        Numeric fields (such as valence and arousal), looked at as one joint grid.
    bins : int
        Grid cells per numeric field, of equal numbers of items.
    """

    categories: tuple[str, ...] = ()
    scales: tuple[str, ...] = ()
    bins: int = 3

    def __post_init__(self) -> None:
        if self.bins < 2:
            raise ValueError(f"bins: at least 2, not {self.bins}")


@dataclass(frozen=True, slots=True)
class RatioScheme(_Labels):
    """Roles by share of the items, placed by an optimiser that spreads the labels evenly.

    Attributes
    ----------
    roles : mapping of str to float
        Role to share; scaled to sum 1.
    keys : tuple of str
        Item fields whose equal values must stay in one role (subject, film, source ...); several at once.
        For a split by rater, give one row per rating and the rater as key.
    steps : int
        Proposals of the optimiser.
    """

    roles: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType({"train": 0.8, "validation": 0.1, "test": 0.1})
    )
    keys: tuple[str, ...] = ()
    steps: int = 20_000

    def __post_init__(self) -> None:
        _Labels.__post_init__(self)
        shares = list(self.roles.values())
        if not shares or not all(share >= 0 for share in shares) or sum(shares) == 0:
            raise ValueError(f"roles: need shares of 0 or more that are not all 0, not {dict(self.roles)}")

    @property
    def fields(self) -> tuple[str, ...]:
        """Item fields that the scheme reads."""
        return (*self.keys, *self.categories, *self.scales)

    @property
    def shares(self) -> FloatArray:
        """Shares in the order of the roles, summing to 1."""
        given = np.array(list(self.roles.values()), dtype=np.float64)
        return np.asarray(given / given.sum())


def kfold_scheme(folds: int, *, prefix: str = "fold", **more: Any) -> RatioScheme:
    """Make a scheme of equal folds.

    Parameters
    ----------
    folds : int
        At least 2; roles are named fold0, fold1 ...
    prefix : str
        What names of roles begin with.
    **more
        Further fields of `RatioScheme`: keys, categories, scales, bins, steps.

    Returns
    -------
    RatioScheme

    Examples
    --------
    >>> list(kfold_scheme(3, keys=("speaker",)).roles)
    ['fold0', 'fold1', 'fold2']
    """
    if folds < 2:
        raise ValueError(f"folds: at least 2, not {folds}")
    return RatioScheme(roles={f"{prefix}{i}": 1.0 for i in range(folds)}, **more)


@dataclass(frozen=True, slots=True)
class CrossedScheme(RatioScheme):
    """Roles whose items share no value of any key, where every subject has seen every film.

    There the connected components of `RatioScheme` are one single group. Here the values of each key are
    given to the roles by share, key by key; an item whose keys stand in different roles gets none, nor do
    near-duplicates whose keys do. With shares of .8 and .2 over two full keys, .64 and .04 of the items
    remain, and .32 have no role.
    """

    def __post_init__(self) -> None:
        RatioScheme.__post_init__(self)
        if len(self.keys) < 2:
            raise ValueError(f"keys: two or more to be crossed, not {list(self.keys)}")

    def of_key(self, key: str) -> RatioScheme:
        """Give the scheme that places the values of one key.

        Parameters
        ----------
        key : str
            One of `keys`.

        Returns
        -------
        RatioScheme
            The same, with this as its only key.

        Examples
        --------
        >>> CrossedScheme({"train": 0.8, "test": 0.2}, ("subject", "film")).of_key("film").keys
        ('film',)
        """
        return RatioScheme(
            self.roles,
            (key,),
            self.steps,
            categories=self.categories,
            scales=self.scales,
            bins=self.bins,
        )


@dataclass(frozen=True, slots=True)
class OfficialScheme(_Labels):
    """Roles as a field of the items gives them; leaks over `keys` are reported, not mended."""

    role_field: str
    keys: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Item fields that the scheme reads."""
        return (self.role_field, *self.keys, *self.categories, *self.scales)

    def roles_of(self, table: pd.DataFrame) -> list[str | None]:
        """Give the role of each item, as its field says.

        Parameters
        ----------
        table : DataFrame, shape (items, ...)
            With the fields of the scheme.

        Returns
        -------
        list of str or None, length items
            None where the field is empty.

        Examples
        --------
        >>> items = pd.DataFrame({"set": ["train", None, "test"]})
        >>> OfficialScheme(role_field="set").roles_of(items)
        ['train', None, 'test']
        """
        return [None if pd.isna(role) else str(role) for role in table[self.role_field]]


@dataclass(frozen=True, slots=True)
class CutScheme(_Labels):
    """Roles by cuts of a field, such as a date: the first role whose upper bound lies above the value.

    Attributes
    ----------
    field : str
        Anything that can be compared with the bounds.
    cuts : tuple of (bound, role)
        In rising order; a bound of None takes the rest. Items at or above the last bound have no role.
    keys : tuple of str
        Leaks over these are reported, not mended.
    """

    field: str
    cuts: tuple[tuple[Any, str], ...]
    keys: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Item fields that the scheme reads."""
        return (self.field, *self.keys, *self.categories, *self.scales)

    def roles_of(self, table: pd.DataFrame) -> list[str | None]:
        """Give the role of each item, by where its field lies among the cuts.

        Parameters
        ----------
        table : DataFrame, shape (items, ...)
            With the fields of the scheme.

        Returns
        -------
        list of str or None, length items
            None where the field is empty, and at or above the last bound.

        Examples
        --------
        >>> items = pd.DataFrame({"year": [2019, 2024, None]})
        >>> CutScheme(field="year", cuts=((2022, "train"), (None, "test"))).roles_of(items)
        ['train', 'test', None]
        """
        return [None if pd.isna(value) else self._role(value) for value in table[self.field]]

    def _role(self, value: Any) -> str | None:
        return next((role for bound, role in self.cuts if bound is None or value < bound), None)


@dataclass(frozen=True, slots=True)
class LeaveOneOutScheme(_Labels):
    """One role per value of a key (LOSO: leave one subject out); each serves as test set in turn.

    A list in the key is one such value ("dyad=s1; s2"): fine where always the same stand together. Where one
    of them also stands elsewhere, that is a leak, which is reported.
    """

    key: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The one key."""
        return (self.key,)

    @property
    def fields(self) -> tuple[str, ...]:
        """Item fields that the scheme reads."""
        return (self.key, *self.categories, *self.scales)

    def roles_of(self, table: pd.DataFrame) -> list[str | None]:
        """Give the role of each item, named by the value of its key.

        Parameters
        ----------
        table : DataFrame, shape (items, ...)
            With the fields of the scheme.

        Returns
        -------
        list of str or None, length items
            None where the key is empty.

        Examples
        --------
        >>> items = pd.DataFrame({"subject": ["s1", "s2", None]})
        >>> LeaveOneOutScheme(key="subject").roles_of(items)
        ['subject=s1', 'subject=s2', None]
        """
        named = ("; ".join(sorted(map(spelt, present(value)))) for value in table[self.key])
        return [f"{self.key}={name}" if name else None for name in named]


RuleScheme = OfficialScheme | CutScheme | LeaveOneOutScheme
Scheme = RatioScheme | RuleScheme


@dataclass(frozen=True, slots=True)
class TimeSlice:
    """A stretch of one recording and its role."""

    role: str
    start_s: float
    end_s: float


def temporal_slices(
    start_s: float, end_s: float, roles: Sequence[tuple[str, float]], *, guard_s: float
) -> tuple[TimeSlice, ...]:
    """Cut one recording into consecutive roles with an unused gap between them.

    Parameters
    ----------
    start_s, end_s : float
        The recording, in seconds.
    roles : sequence of (role, share)
        In order of time; shares of what is left after the gaps, scaled to sum 1.
    guard_s : float
        Length of each gap, so that the two sides of a cut do not share a moment.

    Returns
    -------
    tuple of TimeSlice

    Examples
    --------
    >>> for part in temporal_slices(0, 110, [("train", 0.8), ("test", 0.2)], guard_s=10):
    ...     print(part.role, part.start_s, part.end_s)
    train 0 80.0
    test 90.0 110.0
    """
    shares = [share for _, share in roles]
    if not shares or not all(share > 0 for share in shares):
        raise ValueError(f"roles: need shares above 0, not {list(roles)}")
    left = end_s - start_s - guard_s * (len(roles) - 1)
    if guard_s < 0 or left <= 0:
        raise ValueError(
            f"guard_s: {guard_s} s between {len(roles)} roles leave nothing of {end_s - start_s} s"
        )
    slices, at = [], start_s
    for role, share in roles:
        end = at + left * share / sum(shares)
        slices.append(TimeSlice(role, at, end))
        at = end + guard_s
    return tuple(slices)
