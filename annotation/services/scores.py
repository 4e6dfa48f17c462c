"""How near traces were to curves that are known, as soon as they are handed in."""

from typing import Any

from annotation import questions
from annotation.analysis.series import kept_series_for
from annotation.models import Assignment
from annotation.questions.continuous import ContinuousQuestion
from annotation.services.asking import asked_questions

TOLD = ("dimension", "share_in_band", "distance", "lag_s", "reason")


def practice_scores(assignment: Assignment) -> list[dict[str, Any]]:
    """What the rater is told: one row per dimension of each trace whose target she was shown.

    Calibrations are scored too, beside the series of their traces, and not told.
    """
    asked = {question["key"]: question for question in asked_questions(assignment)}
    rate_hz = assignment.participation.study.protocol.document["gold"]["rate_hz"]
    given = [response.value.get("trace") for response in assignment.responses.all()]
    traces = assignment.traces.filter(pk__in=[trace for trace in given if trace]).select_related(
        "series", "item__asset"
    )
    return [
        {"question": trace.question, **{name: row[name] for name in TOLD}}
        for trace in traces.order_by("question")
        if trace.chunk_count and _follows(asked[trace.question], assignment)
        for row in kept_series_for(trace, asked[trace.question], rate_hz).validity["target"]
        if row["band"] is not None
    ]


def _follows(question: dict[str, Any], assignment: Assignment) -> bool:
    """Whether there was a curve to follow; one of an item that counts is for the analysis alone."""
    kind = questions.question_type(question["type"])
    if not isinstance(kind, ContinuousQuestion):
        return False
    shown = assignment.study_item.practice or not kind.of_item
    return shown and kind.target(question["options"], assignment.study_item.item.key) is not None
