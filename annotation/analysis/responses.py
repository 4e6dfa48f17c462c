"""Which responses count, and why the others do not: a view computed by the protocol's rules, nothing is deleted."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Field, Func, TextField
from django.db.models.functions import Cast, Collate

from accounts.facade import RaterKind
from annotation import questions
from annotation.models import ParticipationState, Response, Study
from annotation.questions.contract import Answer, PlacedQuestion
from annotation.questions.extent import extent_of
from ingest.facade import Item, parts_of


class Judged(NamedTuple):
    """A stored response, and the reason why it does not count (None: it counts).

    Made once for every answer of a study, so its fields are what the database gives, not what takes time to make:
    ``answered_us`` is microseconds since 1970, ``active_ms`` None where it was not measured. Answers of the same
    content share one ``value``: it is not to be changed.
    """

    id: str
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
    answered_us: int
    active_ms: float | None
    exposed: bool
    target: str
    excluded: str | None = None


def judged_responses(study: Study, only: Collection[str] | None = None) -> Iterator[Judged]:
    """Every response of a study by item key, rater and question (in code point order), with its verdict.

    ``only``: ids of the responses to look at; the others are as if they had not been given.
    """
    rules = study.protocol.document["quality"]["exclude"]
    rated = _most_rated(study, only)
    rows = (
        Response.objects.filter(study=study)
        .order_by(Collate("item__key", "C"), Collate("rater__pseudonym", "C"), Collate("question", "C"))
        .annotate(
            id_text=Cast("id", TextField()),
            item_text=Cast("item_id", TextField()),
            value_text=Cast("value", TextField()),
            answered_us=Func(F("answered_at"), template=_MICROSECONDS, output_field=Field()),
            active_ms=Func(F("timing"), template=_ACTIVE_MS, output_field=Field()),
        )
        .values_list(
            "id_text", "item_text", "item__key", "rater", "rater__pseudonym", "rater__kind", "rater__slot",
            "item__condition", "question", "value_text", "perspective", "answered_us", "active_ms", "exposed", "target",
            "practice", "assignment__participation__state",
        )
    )  # fmt: skip
    last_text, last_item = "", None
    for *facts, practice, state in rows.iterator(chunk_size=5000):
        # Rows of one item come together: they share its id, as answers of one content share the content.
        if facts[_ITEM] != last_text:
            last_text, last_item = facts[_ITEM], UUID(facts[_ITEM])
        facts[_ITEM] = last_item
        facts[_VALUE] = _content(facts[_VALUE])
        row = Judged(*facts)
        if only is not None and row.id not in only:
            continue
        reason = _excluded(row, practice=practice, state=state, rules=rules)
        if reason is None and row.target != rated.get(row.item, row.target):
            reason = "other_target"
        yield row if reason is None else row._replace(excluded=reason)


def _most_rated(study: Study, only: Collection[str] | None) -> dict[UUID, str]:
    """Whom most raters of each item picked (of equals the first by name), where they picked somebody.

    Answers about different people are never counted together.
    """
    if not study.protocol.document["presentation"].get("choose_target"):
        return {}
    picked = Response.objects.filter(study=study, practice=False).exclude(
        assignment__participation__state=ParticipationState.WITHDRAWN
    )
    if only is not None:
        picked = picked.filter(pk__in=list(only))
    counts = picked.values_list("item", "target").annotate(n=Count("rater", distinct=True))
    # The last one of an item stays: the most raters, then the first name.
    return {item: target for item, target, _ in counts.order_by("n", F("target").desc())}


_ITEM, _VALUE = Judged._fields.index("item"), Judged._fields.index("value")
# `Field()`: as the driver gives it; a field that converts would cost a call for every row.
_MICROSECONDS = "(extract(epoch from %(expressions)s) * 1000000)::bigint"
_ACTIVE_MS = (
    "CASE jsonb_typeof(%(expressions)s -> 'active_ms') "
    "WHEN 'number' THEN (%(expressions)s ->> 'active_ms')::float8 END"
)


@lru_cache(maxsize=65_536)
def _content(text: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(text)
    return value


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
        if rule["question"] != row.question:
            continue
        numbers = [number for number in row.value.values() if isinstance(number, int | float)]
        if numbers and all(n == rule["all_dimensions_equal"] for n in numbers):
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


def counted_responses(study: Study, only: Collection[str] | None = None) -> Counted:
    answers: dict[str, list[Answer]] = {}
    excluded: Counter[str] = Counter()
    raters: dict[int, str] = {}
    parts = parts_of(study.study_items.values("item"))
    durations_s = _durations_s(study)
    for row in judged_responses(study, only):
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
                parts.get(row.item, ()),
                duration_s=durations_s.get(row.item),
                exposed=row.exposed,
            )
        )
    made_from = {
        "responses": sum(map(len, answers.values())),
        "exposed": sum(answer.exposed for given in answers.values() for answer in given),
        "excluded": dict(sorted(excluded.items())),
        "raters": dict(sorted(Counter(raters.values()).items())),
        "protocol": {
            "name": study.protocol.name,
            "version": study.protocol.version,
            "digest": study.protocol.digest,
        },
    }
    return Counted(answers, made_from)
