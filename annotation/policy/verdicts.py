"""Applying a policy to the answers of a study that count."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from affectory.results import FloatArray
from annotation.analysis.responses import Judged
from annotation.policy.checks import CHECKS, Given, Series
from annotation.policy.rules import LEAST_ANSWERS
from annotation.questions.continuous import continuous_type
from annotation.questions.contract import Cell

# Hour-long series of two dimensions are a megabyte or two each.
TRACES_AT_ONCE = 25
Rule = dict[str, Any]


class FixedRate(Protocol):
    """A trace as a study gives it; ``values``: (samples, dimensions), NaN where not valid."""

    @property
    def rate_hz(self) -> float: ...
    @property
    def values(self) -> FloatArray: ...


class Asked(Protocol):
    """What a policy reads of a study, besides its answers."""

    questions: dict[str, dict[str, Any]]

    def is_continuous(self, question: str) -> bool: ...
    def dimensions(self, question: str) -> list[dict[str, Any]]: ...
    def cells(self, row: Judged) -> list[Cell]: ...
    def calibration_r(self, pseudonym: str) -> float | None: ...
    def traces(self, rows: Sequence[Judged]) -> Sequence[FixedRate]: ...


def verdicts_of(study: Asked, rules: Sequence[Rule], rows: Iterable[Judged]) -> dict[str, str]:
    """Response id -> name of the first rule that excludes it.

    Every rule looks at all answers that the protocol counts, whatever the other rules say. The n-th answer of nobody
    in particular (a slot) has no rater to judge.
    """
    counting = [row for row in rows if row.excluded is None and row.question in study.questions]
    typical = _typical_ms(counting)
    answers: dict[tuple[str, int], list[Judged]] = defaultdict(list)
    for row in counting:
        answers[row.question, row.rater.id].append(row)
    responses: dict[str, set[str]] = defaultdict(set)
    raters: dict[str, set[int]] = defaultdict(set)
    for (question, rater), own in answers.items():
        asked = [rule for rule in rules if rule.get("question", question) == question]
        given = (
            _given(study, sorted(own, key=lambda row: (row.answered_us, row.id)), typical) if asked else []
        )
        for rule in asked:
            if rule["of"] == "response":
                responses[rule["name"]] |= {id_ for id_, one in given if _is_beyond(rule, [one])}
            elif _may_be_judged(rule, own) and _is_beyond(rule, [one for _, one in given]):
                raters[rule["name"]].add(rater)
    reasons = {}
    for row in counting:
        names = (rule["name"] for rule in rules)
        reason = next((n for n in names if row.id in responses[n] or row.rater.id in raters[n]), None)
        if reason is not None:
            reasons[row.id] = reason
    return reasons


def _may_be_judged(rule: Rule, own: Sequence[Judged]) -> bool:
    return not own[0].rater.slot and len(own) >= rule.get("min_answers", LEAST_ANSWERS)


def _is_beyond(rule: Rule, given: Sequence[Given]) -> bool:
    measure = CHECKS[rule["check"]][rule["of"]]
    value = measure.of(given)
    if value is None:
        return False
    limit: float = rule["limit"]
    return value < limit if measure.excluded_below else value > limit


def _given(study: Asked, own: Sequence[Judged], typical: Mapping[str, float]) -> list[tuple[str, Given]]:
    """The answers of one rater to one question, each with its id."""
    question = own[0].question
    asked, dimensions = study.questions[question], study.dimensions(question)
    series: list[Series | None] = [None] * len(own)
    if study.is_continuous(question):
        if continuous_type(asked["type"]).reading == "nominal":
            dimensions = []  # its numbers stand for labels
        batches = (own[at : at + TRACES_AT_ONCE] for at in range(0, len(own), TRACES_AT_ONCE))
        series = [Series(one.rate_hz, one.values) for batch in batches for one in study.traces(batch)]
    return [
        (
            row.id,
            Given(
                asked=asked,
                dimensions=dimensions,
                value=row.value,
                read_cells=partial(study.cells, row),
                read_calibration=partial(study.calibration_r, row.rater.pseudonym),
                own_ms=row.active_ms,
                typical_ms=typical.get(row.id),
                series=one,
            ),
        )
        for row, one in zip(own, series, strict=True)
    ]


def _typical_ms(rows: Iterable[Judged]) -> dict[str, float]:
    """Response id -> median of the times of the others who answered the same question about the same item."""
    timed: dict[tuple[UUID, str], list[tuple[str, float]]] = defaultdict(list)
    for row in rows:
        if row.active_ms is not None:
            timed[row.item.id, row.question].append((row.id, row.active_ms))
    found: dict[str, float] = {}
    for together in timed.values():
        times = sorted(ms for _, ms in together)
        if len(times) > 1:
            found |= {id_: _median_without(times, bisect_left(times, ms)) for id_, ms in together}
    return found


def _median_without(ordered: Sequence[float], place: int) -> float:
    n = len(ordered) - 1
    low, high = (ordered[k if k < place else k + 1] for k in ((n - 1) // 2, n // 2))
    return (low + high) / 2
