"""Fixing what the raters of a review will be shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from affectory.errors import Invalid
from annotation import questions
from annotation.models import Proposal, Study
from annotation.questions.contract import PartsQuestion, PlacedQuestion
from annotation.questions.extent import extent_of
from ingest.facade import Item


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
    places = {place.item_id: place for place in study.study_items.select_related("item__asset")}
    rows = []
    for one in proposed:
        place = places[one.item]
        for value in one.values:
            _check(asked, one.question, value["value"], place.item)
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


def _check(asked: Mapping[str, dict[str, Any]], key: str, value: Any, item: Item) -> None:
    if key not in asked:
        raise Invalid(f"{item.key}: the protocol has no question {key!r}.", code="invalid_proposal")
    kind = questions.question_type(asked[key]["type"])
    if not can_be_shown(asked[key]):
        raise Invalid(f"{key}: an answer to {kind.name} cannot be shown.", code="invalid_proposal")
    options = asked[key]["options"]
    wrong = kind.check(options, value) if isinstance(value, dict) else {"value": "is no answer."}
    if not wrong and isinstance(kind, PlacedQuestion):
        wrong = kind.check_places(options, value, extent_of(item))
    if wrong:
        reasons = "; ".join(f"{name} {reason}" for name, reason in wrong.items())
        raise Invalid(f"{item.key}, {key}: the proposal is no answer: {reasons}", code="invalid_proposal")
