"""Agreement when a rater may give several labels at once."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Literal

import numpy as np

from affectory.agreement.alpha import krippendorff_alpha
from affectory.results import Basis, FloatArray, Measurement
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


def set_alpha(ratings: SetRatings, *, distance: Literal["masi", "jaccard"] = "masi") -> Measurement:
    """Krippendorff's alpha over sets of labels.

    Parameters
    ----------
    ratings : sequence of sequences, shape (raters, units)
        A collection of labels, possibly empty, or None for missing; a plain string is refused.
    distance : {"masi", "jaccard"}
        Used as it is, not squared.

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
    counts, sets = _set_counts(ratings)
    n = counts.sum(axis=1)
    pairable = counts[n >= 2]
    basis = Basis(
        f"Krippendorff alpha, {distance} distance", len(pairable), len(counts) - len(pairable), len(ratings)
    )
    if not len(pairable):
        return basis.undefined("no unit has two ratings")
    return _alpha_of_distance(pairable, _matrix(sets, apart[distance]), basis)


def per_label_alpha(ratings: SetRatings, labels: Iterable[str] | None = None) -> dict[str, Measurement]:
    """Nominal alpha of the presence of each label.

    Parameters
    ----------
    ratings : sequence of sequences, shape (raters, units)
        A collection of labels or None for missing.
    labels : iterable of str, optional
        All labels that occur, sorted, when not given.

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
    _check(ratings)
    occurring = {label for row in ratings for chosen in row if chosen is not None for label in chosen}
    return {
        label: krippendorff_alpha(
            RatingTable.from_dense(
                np.array(
                    [[np.nan if one is None else float(label in one) for one in row] for row in ratings],
                    dtype=np.float64,
                )
            ),
            level="nominal",
        )
        for label in (sorted(occurring) if labels is None else labels)
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


def _set_counts(ratings: SetRatings) -> tuple[FloatArray, list[frozenset[str]]]:
    """How often each distinct set was given to each unit, and the sets."""
    _check(ratings)
    code: dict[frozenset[str], int] = {}
    given = [
        (unit, code.setdefault(frozenset(chosen), len(code)))
        for row in ratings
        for unit, chosen in enumerate(row)
        if chosen is not None
    ]
    counts = np.zeros((len(ratings[0]), len(code)))
    for unit, which in given:
        counts[unit, which] += 1
    return counts, list(code)


def _matrix(sets: list[frozenset[str]], distance: Callable[[LabelSet, LabelSet], float]) -> FloatArray:
    return np.array([[distance(a, b) for b in sets] for a in sets])


def _alpha_of_distance(
    counts: FloatArray,
    apart: FloatArray,
    basis: Basis,
) -> Measurement:
    n = counts.sum(axis=1)
    total, margins = float(n.sum()), counts.sum(axis=0)
    observed = float(((counts @ apart) * counts).sum(axis=1) @ (1 / (n - 1))) / total
    expected = float(margins @ apart @ margins) / (total * (total - 1))
    facts = {"observed_disagreement": observed, "expected_disagreement": expected}
    if expected <= 0:
        return basis.undefined("all comparable ratings are the same set", details=facts)
    return basis.measured(1 - observed / expected, details=facts)
