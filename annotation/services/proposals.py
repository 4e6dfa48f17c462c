"""What raters of a review are shown beside a question, and that they were."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.facade import Rater
from affectory.errors import Invalid
from annotation import questions
from annotation.models import Assignment, Exposure, Proposal, Response, Study
from annotation.questions.contract import PartsQuestion
from annotation.services.saying import said


@dataclass(frozen=True)
class Proposed:
    """For a question on an item: one value to confirm or edit, or (``of_all``) all earlier answers.

    ``values``: ``{value, response}``; ``response`` is the id of the answer that it is, or None.
    """

    item: UUID
    question: str
    values: tuple[Mapping[str, Any], ...]
    of_all: bool = False


def store_proposals(study: Study, proposed: Iterable[Proposed]) -> int:
    """Fix what the raters of a study are shown; each value has to be an answer to its question. Returns how many."""
    asked = {question["key"]: question for question in study.protocol.document["questions"]}
    places = {place.item_id: place for place in study.study_items.select_related("item")}
    rows = []
    for one in proposed:
        place = places[one.item]
        for value in one.values:
            _check(asked, one.question, value["value"], place.item.key)
        rows.append(
            Proposal(
                study_item=place,
                question=one.question,
                of_all=one.of_all,
                values=[dict(value) for value in one.values],
            )
        )
    Proposal.objects.bulk_create(rows)
    return len(rows)


def can_be_shown(question: Mapping[str, Any]) -> bool:
    """Not a trace; and not an answer about parts, which stand in another order before each rater."""
    kind = questions.question_type(question["type"])
    return not kind.continuous and not isinstance(kind, PartsQuestion)


def _check(asked: Mapping[str, dict[str, Any]], key: str, value: Any, item: str) -> None:
    if key not in asked:
        raise Invalid(f"{item}: the protocol has no question {key!r}.", code="invalid_proposal")
    kind = questions.question_type(asked[key]["type"])
    if not can_be_shown(asked[key]):
        raise Invalid(f"{key}: an answer to {kind.name} cannot be shown.", code="invalid_proposal")
    wrong = (
        kind.check(asked[key]["options"], value) if isinstance(value, dict) else {"value": "is no answer."}
    )
    if wrong:
        reasons = "; ".join(f"{name} {reason}" for name, reason in wrong.items())
        raise Invalid(f"{item}, {key}: the proposal is no answer: {reasons}", code="invalid_proposal")


def expose(assignment: Assignment) -> None:
    """Keep what this rater is shown of this item, from now on; within the caller's transaction."""
    Exposure.objects.bulk_create(
        Exposure(
            assignment=assignment, question=proposal.question, of_all=proposal.of_all, values=proposal.values
        )
        for proposal in assignment.study_item.proposals.all()
        if proposal.values
    )


def shown_proposals(assignment: Assignment, asked: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was shown with an assignment, as its page gets it: in words, those of ``asked``, and nobody's name."""
    by_key = {question["key"]: question for question in asked}
    return [
        {
            "question": row.question,
            "value": None if row.of_all else row.values[0]["value"],
            "said": _counted(said(by_key[row.question], value["value"]) for value in row.values),
        }
        for row in assignment.exposures.order_by("pk")
        if row.question in by_key
    ]


def _counted(texts: Iterable[str]) -> list[dict[str, Any]]:
    """Equal answers together, the most frequent first, so that their order says nothing about who gave them."""
    times: dict[str, int] = {}
    for text in texts:
        times[text] = times.get(text, 0) + 1
    return [
        {"text": text, "times": n} for text, n in sorted(times.items(), key=lambda one: (-one[1], one[0]))
    ]


def take_back(rater: Rater) -> None:
    """Nobody is shown the answers of somebody who has left any more."""
    own = set(Response.objects.filter(rater=rater).values_list("pk", flat=True))
    studies = Response.objects.filter(rater=rater).values("study")
    for row in Proposal.objects.filter(study_item__study__base__in=studies):
        kept = [
            value for value in row.values if value["response"] is None or UUID(value["response"]) not in own
        ]
        if len(kept) < len(row.values):
            row.values = kept
            row.save(update_fields=["values"])
