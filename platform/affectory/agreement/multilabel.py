"""Agreement when a rater may give several labels at once."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import sparse

from affectory.agreement.alpha import krippendorff_alpha
from affectory.agreement.resampling import Bootstrap
from affectory.results import Basis, Fact, FloatArray, IntArray, Measurement
from affectory.tables import RatingTable

LabelSet = Collection[str]
SetRatings = Sequence[Sequence[LabelSet | None]]


def jaccard_distance(a: LabelSet, b: LabelSet) -> float:
    """1 - |a and b| / |a or b|; two empty sets are 0 apart.

    Parameters
    ----------
    a, b : collections of labels

    Returns
    -------
    float
        0 (same) to 1 (nothing in common).

    References
    ----------
    Jaccard (1912), New Phytologist 11, 37-50.

    Examples
    --------
    >>> jaccard_distance({"A", "B"}, {"A", "B", "C", "D"})
    0.5
    """
    first, second = _as_sets(a, b)
    union = first | second
    return 1 - len(first & second) / len(union) if union else 0.0


def masi_distance(a: LabelSet, b: LabelSet) -> float:
    """Passonneau's MASI distance 1 - J M; two empty sets are 0 apart.

    Parameters
    ----------
    a, b : collections of labels

    Returns
    -------
    float
        0 to 1. M is 1 for equal sets, 2/3 when one contains the other, 1/3 when they overlap, 0 otherwise,
        exact thirds.

    Notes
    -----
    NLTK rounds M to .67 and .33; DKPro uses (1 - J)(1 - M), which is another measure.

    References
    ----------
    Passonneau (2006), Measuring agreement on set-valued items (MASI), LREC.

    Examples
    --------
    >>> round(masi_distance({"A", "B"}, {"A", "C"}), 4)
    0.8889
    """
    first, second = _as_sets(a, b)
    if first == second:
        return 0.0
    if not first & second:
        return 1.0
    monotone = 2 / 3 if first < second or second < first else 1 / 3
    return 1 - (1 - jaccard_distance(first, second)) * monotone


def set_alpha(
    ratings: SetRatings,
    *,
    distance: Literal["masi", "jaccard"] = "masi",
    ci: float | None = None,
    draws: int = 1000,
    seed: int = 0,
    packs: int | None = None,
) -> Measurement:
    """Krippendorff's alpha over sets of labels.

    Parameters
    ----------
    ratings : sequence of sequences, shape (raters, units)
        A collection of labels, possibly empty, or None for missing; a plain string is refused.
    distance : {"masi", "jaccard"}
        Used as it is, not squared.
    ci, draws, seed, packs : float, int, int, int, optional
        Confidence level of a percentile bootstrap over units (None: no interval), its draws and their seed; how many
        packs of units to draw instead (None: single units). See `krippendorff_alpha`.

    Returns
    -------
    Measurement
        At most 1; 0 is chance.

    References
    ----------
    Passonneau (2006), Measuring agreement on set-valued items (MASI), LREC; Krippendorff (2011), Computing
    Krippendorff's alpha-reliability.

    Examples
    --------
    >>> round(set_alpha([[{"a"}, {"b"}], [{"a"}, {"b", "c"}]]).value, 4)
    0.5714
    """
    apart = {"masi": masi_distance, "jaccard": jaccard_distance}
    if distance not in apart:
        raise ValueError(f"distance: {distance!r} is neither masi nor jaccard")
    bootstrap = Bootstrap.asked(ci, draws, seed, packs)
    codes, sets = _coded(ratings)
    n = (codes >= 0).sum(axis=0)
    pairable = n >= 2
    used = int(pairable.sum())
    basis = Basis(f"Krippendorff alpha, {distance} distance", used, n.size - used, len(ratings))
    if not used:
        return basis.undefined("no unit has two ratings")
    given = _Given.of(codes[:, pairable], sets, apart[distance])
    observed, expected = given.disagreement()
    facts: dict[str, Fact] = {"observed_disagreement": observed, "expected_disagreement": expected}
    if expected <= 0:
        return basis.undefined("all comparable ratings are the same set", details=facts)
    alpha = 1 - observed / expected
    if bootstrap is None:
        return basis.measured(alpha, details=facts)
    return _with_interval(basis, alpha, facts, given, bootstrap)


def per_label_alpha(
    ratings: SetRatings,
    labels: Iterable[str] | None = None,
    *,
    ci: float | None = None,
    draws: int = 1000,
    seed: int = 0,
    packs: int | None = None,
) -> dict[str, Measurement]:
    """Nominal alpha of the presence of each label.

    Parameters
    ----------
    ratings : sequence of sequences, shape (raters, units)
        A collection of labels or None for missing.
    labels : iterable of str, optional
        All labels that occur, sorted, when not given.
    ci, draws, seed, packs : float, int, int, int, optional
        Of the interval of each; see `krippendorff_alpha`.

    Returns
    -------
    dict of label to Measurement

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's alpha-reliability.

    Examples
    --------
    >>> found = per_label_alpha([[{"a"}, {"b"}], [{"a"}, {"b", "c"}]])
    >>> {label: one.value for label, one in found.items()}
    {'a': 1.0, 'b': 1.0, 'c': 0.0}
    """
    codes, sets = _coded(ratings)
    occurring = sorted({label for chosen in sets for label in chosen})

    def presence(label: str) -> RatingTable:
        # What is missing has the code -1, the last of these.
        return RatingTable.from_dense(np.array([*(label in chosen for chosen in sets), np.nan])[codes])

    return {
        label: krippendorff_alpha(
            presence(label), level="nominal", ci=ci, draws=draws, seed=seed, packs=packs
        )
        for label in (occurring if labels is None else labels)
    }


def _as_sets(a: LabelSet, b: LabelSet) -> tuple[frozenset[str], frozenset[str]]:
    _refuse_word("a", a)
    _refuse_word("b", b)
    return frozenset(a), frozenset(b)


def _check(ratings: SetRatings) -> None:
    lengths = {len(row) for row in ratings}
    if len(lengths) != 1:
        raise ValueError(f"ratings: raters have different numbers of units: {sorted(lengths)}")
    for rater, row in enumerate(ratings):
        for unit, chosen in enumerate(row):
            _refuse_word(f"ratings: rater {rater}, unit {unit}", chosen)


def _refuse_word(place: str, labels: LabelSet | None) -> None:
    """A string is a collection of its letters, which nobody means."""
    if isinstance(labels, str):
        raise ValueError(  # noqa: TRY004  (as of all bad input)
            f"{place}: {labels!r} is one word, not a set of labels; write {{{labels!r}}}"
        )


def _coded(ratings: SetRatings) -> tuple[IntArray, list[frozenset[str]]]:
    """Which of the distinct sets each rating is, shape (raters, units), -1 where it is missing; and the sets."""
    _check(ratings)
    code: dict[frozenset[str], int] = {}
    codes = [
        [-1 if chosen is None else code.setdefault(frozenset(chosen), len(code)) for chosen in row]
        for row in ratings
    ]
    return np.array(codes, dtype=np.int64), list(code)


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    """Sets given to units that have two ratings or more.

    ``unit``, ``code``, shape (ratings,): unit and set of each, unit by unit. ``apart``, shape (sets, sets). ``within``,
    shape (units,): distances between every two ratings of a unit, by n - 1.
    """

    unit: IntArray
    code: IntArray
    apart: FloatArray
    within: FloatArray

    @classmethod
    def of(
        cls, codes: IntArray, sets: Sequence[frozenset[str]], distance: Callable[[LabelSet, LabelSet], float]
    ) -> "_Given":
        unit, rater = np.nonzero(codes.T >= 0)
        used, code = np.unique(codes.T[unit, rater], return_inverse=True)
        known = [sets[at] for at in used.tolist()]
        apart = np.array([[distance(a, b) for b in known] for a in known])
        n = np.bincount(unit)
        within = np.zeros(n.size)
        # Ratings stand unit by unit, so every pair of a unit is met once as (i, i + lag).
        for lag in range(1, int(n.max(initial=1))):
            mates = unit[lag:] == unit[:-lag]
            pairs = 2 * apart[code[lag:][mates], code[:-lag][mates]]
            within += np.bincount(unit[lag:][mates], weights=pairs, minlength=n.size)
        return cls(unit, code, apart, within / (n - 1))

    def disagreement(self) -> tuple[float, float]:
        margins, total = np.bincount(self.code), self.code.size
        expected = margins @ self.apart @ margins / (total * (total - 1))
        return float(self.within.sum() / total), float(expected)


def _with_interval(
    basis: Basis, alpha: float, facts: Mapping[str, Fact], given: _Given, bootstrap: Bootstrap
) -> Measurement:
    if alone := bootstrap.alone(given.within.size):
        return basis.measured(alpha, reason=alone, details=facts)
    packs = bootstrap.deal(given.within.size)
    within, place = packs.sums(given.within), packs.of[given.unit]
    shape = (len(given.apart), packs.n)
    counts = sparse.coo_array((np.ones(place.size), (given.code, place)), shape).tocsr()
    alphas = []
    for weights in bootstrap.weights(packs.n):
        margins = counts @ weights
        met, total = margins @ given.apart @ margins, margins.sum()
        if met > 0:
            # Observed by expected disagreement: (W / N) / (met / (N (N - 1))).
            alphas.append(1 - weights @ within * (total - 1) / met)
    how = bootstrap.told(packs.n, given.within.size, len(alphas))
    return basis.measured(alpha, ci=bootstrap.interval(alphas, alpha), details={**facts, **how})
