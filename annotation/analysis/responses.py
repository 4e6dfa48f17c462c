"""Which responses count, and why the others do not: a view computed by the protocol's rules, nothing is deleted."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models.functions import Collate

from accounts.facade import RaterKind
from annotation import questions
from annotation.models import ParticipationState, Response, Study
from annotation.questions.contract import Answer, PlacedQuestion
from annotation.questions.extent import extent_of
from ingest.facade import Item


@dataclass(frozen=True)
class Judged:
    """A stored response, and the reason why it does not count (None: it counts)."""

    id: UUID
    item: UUID
    item_key: str
    rater: int
    pseudonym: str
    rater_kind: str
    slot: bool
    condition: str
    question: str
    value: dict[str, Any]
    perspective: str
    answered_at: datetime
    timing: dict[str, Any]
    excluded: str | None = None


def judged_responses(study: Study) -> Iterator[Judged]:
    """Every response of a study by item key, rater and question (in code point order), with its verdict."""
    rules = study.protocol.document["quality"]["exclude"]
    rows = (
        Response.objects.filter(study=study)
        .order_by(Collate("item__key", "C"), Collate("rater__pseudonym", "C"), Collate("question", "C"))
        .values_list(
            "id", "item", "item__key", "rater", "rater__pseudonym", "rater__kind", "rater__slot",
            "item__condition", "question", "value", "perspective", "answered_at", "timing",
            "practice", "assignment__participation__state",
        )
    )  # fmt: skip
    for *facts, practice, state in rows.iterator(chunk_size=5000):
        row = Judged(*facts)
        reason = _excluded(row, practice=practice, state=state, rules=rules)
        yield row if reason is None else replace(row, excluded=reason)


def _excluded(
    row: Judged, *, practice: bool, state: str | None, rules: Sequence[dict[str, Any]]
) -> str | None:
    if practice:
        return "practice"
    if state == ParticipationState.WITHDRAWN:
        return "withdrawn"
    if row.rater_kind == RaterKind.MODEL:
        return "model"
    for rule in rules:
        numbers = [number for number in row.value.values() if isinstance(number, int | float)]
        if (
            rule["question"] == row.question
            and numbers
            and all(n == rule["all_dimensions_equal"] for n in numbers)
        ):
            return str(rule["name"])
    return None


def _durations_s(study: Study) -> dict[UUID, float | None]:
    """Of the study's items, where a question is about places in them."""
    asked = [questions.question_type(one["type"]) for one in study.protocol.document["questions"]]
    if not any(isinstance(kind, PlacedQuestion) for kind in asked):
        return {}
    items = Item.objects.filter(pk__in=study.study_items.values("item")).select_related("asset")
    return {item.pk: extent_of(item).duration_s for item in items}


@dataclass(frozen=True)
class Counted:
    """The answers that count, by question; and what an analysis says it was made from."""

    answers: dict[str, list[Answer]]
    made_from: dict[str, Any]


def counted_responses(study: Study) -> Counted:
    answers: dict[str, list[Answer]] = {}
    excluded: Counter[str] = Counter()
    raters: dict[int, str] = {}
    durations_s = _durations_s(study)
    for row in judged_responses(study):
        if row.excluded:
            excluded[row.excluded] += 1
            continue
        raters[row.rater] = row.rater_kind
        answers.setdefault(row.question, []).append(
            Answer(
                row.item,
                None if row.slot else row.rater,
                row.condition,
                row.value,
                duration_s=durations_s.get(row.item),
            )
        )
    made_from = {
        "responses": sum(map(len, answers.values())),
        "excluded": dict(sorted(excluded.items())),
        "raters": dict(sorted(Counter(raters.values()).items())),
        "protocol": {
            "name": study.protocol.name,
            "version": study.protocol.version,
            "digest": study.protocol.digest,
        },
    }
    return Counted(answers, made_from)
