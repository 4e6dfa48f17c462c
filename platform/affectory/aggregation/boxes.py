"""Boxes that several raters drew, merged into those that they agree on."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil, isfinite
from statistics import fmean, median, median_low
from typing import NamedTuple

import numpy as np

from affectory.aggregation.votes import TiePolicy, majority_vote
from affectory.agreement.places import Box, box_iou
from affectory.results import FloatArray

Drawn = tuple[Box, str] | tuple[Box, str, float]
CLOSE = 1e-9
"""Shares and means of the same number may differ by this much."""


@dataclass(frozen=True, slots=True)
class ConsensusBox:
    """A place that enough raters drew a box around.

    Attributes
    ----------
    box : (x, y, width, height)
        In the unit of the boxes that were drawn; each edge is the median of theirs.
    label : str or None
        The label that most of these raters gave; None with a `reason` where several are given most often.
    at_s : float
        The frame, in seconds: one that was drawn on, the median of them; 0 where nothing was said of frames.
    n_raters : int
        How many drew it.
    share : float
        The same as a share of all who answered; above 0, at most 1.
    mean_iou : float or None
        Mean of `box_iou` between each of their boxes and this one, 0 to 1: how far they spread. None where one
        rater alone drew it.
    reason : str or None
        Why there is no label.
    """

    box: Box
    label: str | None
    at_s: float
    n_raters: int
    share: float
    mean_iou: float | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class BoxConsensus:
    """What the raters drew together.

    Attributes
    ----------
    boxes : tuple of ConsensusBox or None
        By frame, then left, upper, right and lower edge. Empty where enough raters drew nothing; None with a `reason`
        where too few answered, or they drew, but not the same.
    n_raters : int
        Who answered, whether they drew something or not.
    n_left_out : int
        Boxes that were drawn and are in none of `boxes`.
    convention : str
    reason : str or None
    """

    boxes: tuple[ConsensusBox, ...] | None
    n_raters: int
    n_left_out: int
    convention: str
    reason: str | None = None


class _Edges(NamedTuple):
    """One box as it is merged; sorts by frame and place."""

    at_s: float
    left: float
    upper: float
    right: float
    lower: float
    label: str
    box: Box


def consensus_boxes(
    drawn: Sequence[Sequence[Drawn]],
    *,
    iou: float = 0.5,
    min_share: float = 0.5,
    near_s: float = 0.0,
    ties: TiePolicy = "null",
    min_raters: int = 1,
) -> BoxConsensus:
    """Merge the boxes that raters drew around the same places.

    Boxes are joined from the two that share most on, whatever their labels are, as long as what is joined shares enough
    on average and is of different raters. (Were every two to share enough, the two most different of many raters would
    part what all others drew alike.) A cluster of enough raters becomes one box. Each of its edges is the median
    of theirs: one rater who drew a side too wide moves no edge, as she would move a mean, and medians of edges, unlike
    those of widths, lie where edges were drawn.

    Parameters
    ----------
    drawn : sequence of sequences of ((x, y, width, height), label) or ((x, y, width, height), label, at_s)
        One list per rater, empty where she answered and drew nothing; their order does not matter. Any unit of
        length, widths and heights above 0; `at_s` is the second of a video's frame.
    iou : float
        Two boxes of one place share at least this much (`box_iou`), clusters of several on average; above 0 and at
        most 1.
    min_share : float
        A box is kept when at least this share of all raters drew it, above 0 and at most 1; and, where several
        answered, at least two of them.
    near_s : float
        Boxes further apart in time than this are of other frames; 0 or more.
    ties : {"null", "first"}
        When several labels are given most often: none, or the first of them in the order of the alphabet.
    min_raters : int
        With fewer there are no boxes, and the reason says so.

    Returns
    -------
    BoxConsensus
        "Nothing" is agreed upon like a box: by as many raters, who drew none.

    References
    ----------
    Braylan, Marabella, Alonso and Lease (2023), JAIR 78, 901-973: match the objects of several annotators, then merge
    each match. Adams, Allen, Miller, Kalka and Jain (2016), CVPR Workshops: boxes of faces by a crowd, clustered and
    consolidated. Sokal and Michener (1958), Univ. Kansas Sci. Bull. 38, 1409-1438: average linkage.

    Examples
    --------
    >>> found = consensus_boxes([
    ...     [((0, 0, 10, 10), "face")],
    ...     [((1, 0, 10, 10), "face"), ((50, 50, 5, 5), "cup")],
    ...     [((0, 0, 14, 10), "cup")],
    ... ])
    >>> [(one.box, one.label, one.n_raters, round(one.mean_iou, 2)) for one in found.boxes]
    [((0, 0, 11, 10), 'face', 3, 0.87)]
    >>> found.n_left_out
    1
    """
    _check(drawn, iou, min_share, near_s)
    n_raters = len(drawn)
    needed = max(ceil(min_share * n_raters - CLOSE), min(2, n_raters))
    convention = (
        f"boxes of different raters that share {iou:g} of their union or more (average linkage), drawn by at least "
        f"{min_share:g} of the raters and by two where several answered; median of each edge, label of most"
    )
    # Raters in an order that is theirs by what they drew: whoever comes first then makes no difference.
    rows = sorted(sorted(map(_edges, row)) for row in drawn)
    n_boxes = sum(map(len, rows))
    if n_raters < max(min_raters, 1):
        few = f"{n_raters} of the {max(min_raters, 1)} raters needed"
        return BoxConsensus(None, n_raters, n_boxes, convention, few)
    kept = [cluster for cluster in _clusters(rows, iou, near_s) if len(cluster) >= needed]
    if not kept and sum(not row for row in rows) < needed:
        apart = f"no place was drawn by {needed} of the {n_raters} raters, nor did as many draw nothing"
        return BoxConsensus(None, n_raters, n_boxes, convention, apart)
    merged = sorted(
        (_merged(cluster, n_raters, ties) for cluster in kept), key=lambda one: (one.at_s, one.box)
    )
    return BoxConsensus(tuple(merged), n_raters, n_boxes - sum(map(len, kept)), convention)


def _check(drawn: Sequence[Sequence[Drawn]], iou: float, min_share: float, near_s: float) -> None:
    if not (0 < iou <= 1 and 0 < min_share <= 1 and near_s >= 0):
        raise ValueError(
            f"iou {iou} and min_share {min_share} are above 0 and at most 1, near_s {near_s} is not below 0"
        )
    for rater, row in enumerate(drawn):
        for place, (box, *_) in enumerate(row):
            if not (all(map(isfinite, box)) and box[2] > 0 and box[3] > 0):
                raise ValueError(
                    f"drawn[{rater}][{place}]: width and height are above 0 and all is finite; it is {box}"
                )


def _edges(one: Drawn) -> _Edges:
    (x, y, width, height), label, *at_s = one
    return _Edges(at_s[0] if at_s else 0.0, x, y, x + width, y + height, label, one[0])


def _clusters(rows: Sequence[Sequence[_Edges]], iou: float, near_s: float) -> list[list[_Edges]]:
    """Clusters by average linkage; every two boxes of one may stand together."""
    boxes = [one for row in rows for one in row]
    members = [[one] for one in boxes]
    shared = _shared(rows, near_s)
    while shared.size and shared.max() >= iou - CLOSE:
        one, other = sorted(divmod(int(shared.argmax()), len(boxes)))
        weights = len(members[one]), len(members[other])
        # What may stand with neither or with one of the two only is -inf, and stays so.
        together = (weights[0] * shared[one] + weights[1] * shared[other]) / sum(weights)
        shared[one] = shared[:, one] = together
        shared[other] = shared[:, other] = shared[one, one] = -np.inf
        members[one] += members[other]
        members[other] = []
    return [cluster for cluster in members if cluster]


def _shared(rows: Sequence[Sequence[_Edges]], near_s: float) -> FloatArray:
    """`box_iou` of every two boxes; -inf where they cannot be of one place: of one rater, or of other frames."""
    boxes = [(rater, one) for rater, row in enumerate(rows) for one in row]
    shared: FloatArray = np.full((len(boxes), len(boxes)), -np.inf)
    for (i, (rater, one)), (j, (another, other)) in combinations(enumerate(boxes), 2):
        if rater != another and abs(one.at_s - other.at_s) <= near_s:
            shared[i, j] = shared[j, i] = box_iou(one.box, other.box)
    return shared


def _merged(cluster: Sequence[_Edges], n_raters: int, ties: TiePolicy) -> ConsensusBox:
    left, upper, right, lower = (
        median(getattr(one, edge) for one in cluster) for edge in ("left", "upper", "right", "lower")
    )
    box = (left, upper, right - left, lower - upper)
    vote = majority_vote([[one.label] for one in cluster], ties=ties)
    label = vote.labels[0]
    return ConsensusBox(
        box=box,
        label=None if label is None else str(label),
        at_s=median_low(one.at_s for one in cluster),
        n_raters=len(cluster),
        share=len(cluster) / n_raters,
        mean_iou=fmean(box_iou(one.box, box) for one in cluster) if len(cluster) > 1 else None,
        reason=vote.reasons[0],
    )
