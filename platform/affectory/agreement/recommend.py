"""Which measures belong to which kind of question."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

QuestionKind = Literal[
    "category",
    "multi",
    "scale",
    "trace",
    "segments",
    "spans",
    "relations",
    "boxes",
    "comparison",
    "ranking",
    "best_worst",
    "text",
]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One measure for a kind of question.

    Attributes
    ----------
    function : str
        Name in `affectory.agreement`.
    parameters : tuple of (str, str)
        Arguments beside the ratings.
    primary : bool
        Whether it is the one to quote first.
    when : str
        What it shows, and what it needs.
    """

    function: str
    parameters: tuple[tuple[str, str], ...]
    primary: bool
    when: str


def _first(function: str, when: str, **parameters: str) -> Recommendation:
    return Recommendation(function, tuple(parameters.items()), primary=True, when=when)


def _beside(function: str, when: str, **parameters: str) -> Recommendation:
    return Recommendation(function, tuple(parameters.items()), primary=False, when=when)


RECOMMENDED = MappingProxyType(
    {
        "category": (
            _first(
                "krippendorff_alpha", "any number of raters, missing ratings, vote counts", level="nominal"
            ),
            _beside("gwet_ac", "stays informative when one category (often neutral) dominates"),
            _beside(
                "conger_kappa", "one fixed panel: what each rater tends to say is not counted as agreement"
            ),
            _beside("percent_agreement", "not corrected for chance; for screening"),
        ),
        "multi": (
            _first("set_alpha", "partial overlap of label sets counts", distance="masi"),
            _beside("per_label_alpha", "which labels raters agree on"),
        ),
        "scale": (
            _first(
                "krippendorff_alpha", "sliders and SAM read as equal steps; missing ratings", level="interval"
            ),
            _beside("krippendorff_alpha", "when only the order of the steps is trusted", level="ordinal"),
            _beside("icc", "complete panels: ICC(A,1) of one rating, ICC(A,k) of the published mean"),
            _beside("icc_one_way", "crowds: another set of raters for each unit"),
            _beside("split_half", "reliability of the mean that is published"),
        ),
        "trace": (
            _first("pairwise_ccc", "level, scale and shape together; quote mean and minimum over pairs"),
            _beside("pairwise_pearson", "shape only"),
            _beside("cronbach_alpha", "consistency of the mean trace; rises with the number of raters"),
            _beside("sign_agreement", "do raters agree that it goes up or down"),
        ),
        "segments": (
            _first("frame_iou", "share of time that both marked"),
            _beside("unitizing_alpha", "chance-corrected, categories and lengths together"),
            _beside("boundary_f1", "whole segments found within a tolerance"),
            _beside("gamma", "overlapping segments, aligned; slow, needs the extra `gamma`"),
        ),
        "spans": (
            _first(
                "span_f1", "the same places with the same labels, mean over pairs of raters", match="exact"
            ),
            _beside("span_f1", "places that share a character", match="overlap"),
            _beside("unitizing_alpha", "chance-corrected, in characters"),
        ),
        "relations": (
            _first("relation_f1", "the same relation between places that overlap, mean over pairs of raters"),
        ),
        "boxes": (
            _first(
                "box_f1", "boxes that share at least half with the same labels, mean over pairs of raters"
            ),
        ),
        "comparison": (
            _first("krippendorff_alpha", "one unit per pair, the chosen side as category", level="nominal"),
        ),
        "ranking": (
            _first("ranking_agreement", "mean over pairs of raters, ties allowed", correlation="kendall"),
            _beside("ranking_agreement", "large jumps count more", correlation="spearman"),
        ),
        "best_worst": (
            _first("best_worst_split_half", "scores from random halves of the answers to each tuple"),
        ),
        "text": (),
    }
)


def recommended(question: QuestionKind) -> tuple[Recommendation, ...]:
    """Give the measures for a kind of question, the one to quote first at the head.

    Parameters
    ----------
    question : QuestionKind
        "category", "multi" (several categories at once), "scale", "trace", "segments" (of a timeline), "spans" and
        "relations" (of a text), "boxes" (on a picture), "comparison", "ranking", "best_worst", "text" (free, which
        has no measure).

    Returns
    -------
    tuple of Recommendation

    Examples
    --------
    >>> [one.function for one in recommended("segments")]
    ['frame_iou', 'unitizing_alpha', 'boundary_f1', 'gamma']
    """
    if question not in RECOMMENDED:
        raise ValueError(f"question: {question!r} is none of {', '.join(RECOMMENDED)}")
    return RECOMMENDED[question]
