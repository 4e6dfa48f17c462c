"""Agreement on where something is: spans of a text and boxes on a picture."""

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

from affectory.results import Basis, Measurement

Span = tuple[int, int, str]
Box = tuple[float, float, float, float]
Relation = tuple[str, Span, Span]
NOTHING_MARKED = "neither rater marked anything; 1 by convention"
_One = TypeVar("_One")


def span_f1(
    a: Sequence[Span], b: Sequence[Span], *, match: Literal["exact", "overlap"] = "exact"
) -> Measurement:
    """F1 of two raters' labelled spans.

    Parameters
    ----------
    a, b : sequences of (start, end, label)
        In characters or any other whole unit; end is the first position that is not part of it.
    match : {"exact", "overlap"}
        Whether partners must have the same ends, or share a position; their labels are the same. Each span
        has at most one partner, those that share most come first.

    Returns
    -------
    Measurement
        0 to 1; 1 by convention (and saying so) when neither marked anything.

    References
    ----------
    Hripcsak and Rothschild (2005), JAMIA 12, 296-298: F1 stands in for kappa where the number of
    places that nobody marked is not defined.

    Examples
    --------
    >>> span_f1([(0, 4, "cause"), (9, 12, "cause")], [(0, 5, "cause")], match="overlap").value.__round__(3)
    0.667
    """
    if match not in {"exact", "overlap"}:
        raise ValueError(f"match: {match!r} is neither exact nor overlap")

    def shared(one: Span, other: Span) -> float:
        return float(one == other) if match == "exact" else _overlap(one, other)

    return _f1(a, b, shared, name=f"F1 of labelled spans, {match} match")


def relation_f1(a: Sequence[Relation], b: Sequence[Relation]) -> Measurement:
    """F1 of two raters' relations between labelled spans.

    Parameters
    ----------
    a, b : sequences of (relation, source, target)
        Source and target are spans (start, end, label). Two relations are partners when they are called the same, and
        their sources, as their targets, have the same label and share a position; each has at most one partner, those
        that share most come first.

    Returns
    -------
    Measurement
        0 to 1; 1 by convention (and saying so) when neither marked any.

    References
    ----------
    As for `span_f1`; a relation stands in for a place.

    Examples
    --------
    >>> joy, rain = (0, 4, "emotion"), (9, 14, "cause")
    >>> relation_f1([("caused_by", joy, rain)], [("caused_by", (1, 4, "emotion"), rain)]).value
    1.0
    >>> relation_f1([("caused_by", joy, rain)], [("near", joy, rain)]).value
    0.0
    """

    def shared(one: Relation, other: Relation) -> float:
        source, target = _overlap(one[1], other[1]), _overlap(one[2], other[2])
        return source + target if one[0] == other[0] and source and target else 0.0

    return _f1(a, b, shared, name="F1 of relations, whose ends have the same label and overlap")


def _overlap(one: Span, other: Span) -> float:
    """Positions that two spans of the same label share."""
    return float(max(0, min(one[1], other[1]) - max(one[0], other[0]))) if one[2] == other[2] else 0.0


def box_iou(a: Box, b: Box) -> float:
    """Shared area of two boxes divided by the area of both together.

    Parameters
    ----------
    a, b : (x, y, width, height)
        Widths and heights above 0.

    Returns
    -------
    float
        0 (apart) to 1 (the same).

    References
    ----------
    Jaccard (1912), New Phytologist 11, 37-50.

    Examples
    --------
    >>> box_iou((0, 0, 2, 2), (1, 0, 2, 2)).__round__(3)
    0.333
    """
    wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    high = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    shared = max(wide, 0.0) * max(high, 0.0)
    return shared / (a[2] * a[3] + b[2] * b[3] - shared)


def box_f1(a: Sequence[tuple[Box, str]], b: Sequence[tuple[Box, str]], *, iou: float = 0.5) -> Measurement:
    """F1 of two raters' labelled boxes.

    Parameters
    ----------
    a, b : sequences of ((x, y, width, height), label)
        Partners have the same label; each box has at most one, those that share most come first.
    iou : float
        Partners share at least this much (`box_iou`), above 0 and at most 1.

    Returns
    -------
    Measurement
        0 to 1; 1 by convention (and saying so) when neither marked anything. `details["mean_iou"]` is the
        mean over the partners, where there are any.

    References
    ----------
    Everingham et al. (2010), IJCV 88, 303-338 (the threshold of one half).

    Examples
    --------
    >>> box_f1([((0, 0, 1, 1), "face")], [((0, 0, 1, 0.8), "face"), ((3, 3, 1, 1), "face")]).value.__round__(3)
    0.667
    """
    if not 0 < iou <= 1:
        raise ValueError(f"iou: above 0 and at most 1, not {iou}")

    def shared(one: tuple[Box, str], other: tuple[Box, str]) -> float:
        overlap = box_iou(one[0], other[0]) if one[1] == other[1] else 0.0
        return overlap if overlap >= iou else 0.0

    return _f1(a, b, shared, name=f"F1 of labelled boxes, intersection over union of {iou:g} or more",
               mean_name="mean_iou")  # fmt: skip


def _f1(
    a: Sequence[_One],
    b: Sequence[_One],
    shared: Callable[[_One, _One], float],
    *,
    name: str,
    mean_name: str | None = None,
) -> Measurement:
    """F1 of partners, chosen greedily from the pair that shares most on; ties by their order."""
    basis = Basis(name, len(a) + len(b))
    if not a and not b:
        return basis.measured(1.0, reason=NOTHING_MARKED)
    pairs = [(shared(one, other), i, j) for i, one in enumerate(a) for j, other in enumerate(b)]
    partners: dict[int, int] = {}
    found: list[float] = []
    for much, i, j in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if much > 0 and i not in partners and j not in partners.values():
            partners[i] = j
            found.append(much)
    details = {"matched": float(len(found))}
    if mean_name and found:
        details[mean_name] = sum(found) / len(found)
    return basis.measured(2 * len(found) / (len(a) + len(b)), details=details)
