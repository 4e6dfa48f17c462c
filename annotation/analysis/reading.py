"""Reading the responses of a study, and judging which count by the protocol's rules; nothing is deleted."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from sys import intern
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import F, Field, Func, QuerySet
from django.db.models.functions import Collate

from accounts.facade import Rater, RaterKind
from affectory.results import BoolArray, IntArray
from annotation import questions
from annotation.analysis.responses import COUNTS, ROW, Responses, Rows, WhoRated
from annotation.analysis.stored import NAMED, TEXT, stored_tables
from annotation.attention import ATTENTION, FAILED_ATTENTION, attention_keys
from annotation.branching import meets
from annotation.models import ParticipationState, Response, Study
from annotation.questions.answers import RatedItem
from annotation.questions.contract import PlacedQuestion
from annotation.timing import length_s
from ingest.facade import Item, parts_of

OTHER_TARGET = "other_target"
_PRACTICE, _WITHDRAWN = 0, 1  # places of the first verdicts
_ROWS_AT_ONCE = 5_000


def responses_of(study: Study, only: Collection[str] | None = None) -> Responses:
    """Every response of a study, read at once.

    ``only``: ids of the responses to look at; the others are as if they had not been given.
    """
    return _Reading(study).read(only)


class _Places(dict[Any, int]):
    """A number for each different value, in the order in which they come."""

    def __missing__(self, value: Any) -> int:
        self[value] = place = len(self)
        return place

    def of(self, column: pa.DictionaryArray) -> IntArray:
        """The number of each value of a column."""
        numbers = np.array([self[value] for value in column.dictionary.to_pylist()], np.int64)
        of_rows: IntArray = numbers[column.indices.to_numpy()]
        return of_rows


_MICROSECONDS = "(extract(epoch from %(expressions)s) * 1000000)::bigint"
_ACTIVE_MS = (
    "CASE jsonb_typeof(%(expressions)s -> 'active_ms') "
    "WHEN 'number' THEN (%(expressions)s ->> 'active_ms')::float8 END"
)


_STATE = "assignment__participation__state"
_READ = {
    "id": pa.binary(ROW["id"].itemsize), "item": NAMED, "rater": pa.dictionary(pa.int32(), pa.int64()),
    "question": NAMED, "value": NAMED, "perspective": NAMED, "answered_us": pa.int64(),
    "active_ms": pa.float64(), "exposed": pa.bool_(), "target": NAMED, "practice": pa.bool_(), _STATE: TEXT,
}  # fmt: skip


class _Reading:
    """Reads responses as they lie, which is much faster than in order, and sorts them by their numbers."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._items, self._raters, self._questions = _Places(), _Places(), _Places()
        self._contents, self._perspectives, self._targets = _Places(), _Places(), _Places()
        self._rules = study.protocol.document["quality"]["exclude"]
        self._attention = study.protocol.document["quality"].get("attention", [])
        reasons = [
            "practice",
            "withdrawn",
            "model",
            *((ATTENTION, FAILED_ATTENTION) if self._attention else ()),
            *(str(rule["name"]) for rule in self._rules),
            OTHER_TARGET,
        ]
        self._verdicts = {reason: place for place, reason in enumerate(dict.fromkeys(reasons))}

    def read(self, only: Collection[str] | None) -> Responses:
        stored = self._stored(only)
        found = Responses(
            stored, self._rated_items(), self._who_rated(), sorted(self._questions),
            [json.loads(text) for text in self._contents], list(self._perspectives), list(self._targets),
            list(self._verdicts),
        )  # fmt: skip
        rows = self._in_order(found)
        self._judge(replace(found, rows=rows))
        return replace(found, rows=rows)

    def _stored(self, only: Collection[str] | None) -> Rows:
        parts = [np.empty(0, ROW)]
        for table in stored_tables(self._query(), _READ):
            rows = self._rows(table)
            parts.append(
                rows if only is None else rows[[one.decode() in only for one in rows["id"].tolist()]]
            )
        return np.concatenate(parts)

    def _in_order(self, found: Responses) -> Rows:
        rows = found.rows
        rows["item"] = _ranks(self._items, [str(one.id) for one in found.items])[rows["item"]]
        rows["rater"] = _ranks(self._raters, [one.id for one in found.raters])[rows["rater"]]
        rows["question"] = _ranks(self._questions, found.questions)[rows["question"]]
        order = np.lexsort((rows["question"], rows["rater"], rows["item"]))
        # What was erased since the responses were read is left out.
        return rows[order[(rows["item"][order] >= 0) & (rows["rater"][order] >= 0)]]

    def _query(self) -> QuerySet[Response, Any]:
        return (
            Response.objects.filter(study=self.study)
            .annotate(
                answered_us=Func(F("answered_at"), template=_MICROSECONDS, output_field=Field()),
                active_ms=Func(F("timing"), template=_ACTIVE_MS, output_field=Field()),
            )
            .values_list(*_READ)
        )

    def _rows(self, stored: pa.Table) -> Rows:
        columns = {name: stored.column(name).chunk(0) for name in _READ}
        rows = np.empty(stored.num_rows, ROW)
        rows["id"] = np.frombuffer(columns["id"].buffers()[1], ROW["id"])
        rows["item"] = self._items.of(columns["item"])
        rows["rater"] = self._raters.of(columns["rater"])
        rows["question"] = self._questions.of(columns["question"])
        rows["content"] = self._contents.of(columns["value"])
        rows["perspective"] = self._perspectives.of(columns["perspective"])
        rows["target"] = self._targets.of(columns["target"])
        for name in ("answered_us", "active_ms", "exposed"):
            rows[name] = columns[name].to_numpy(zero_copy_only=False)
        withdrawn = pc.equal(columns[_STATE], ParticipationState.WITHDRAWN)
        rows["verdict"] = COUNTS
        rows["verdict"][withdrawn.to_numpy(zero_copy_only=False)] = self._verdicts["withdrawn"]
        rows["verdict"][columns["practice"].to_numpy(zero_copy_only=False)] = self._verdicts["practice"]
        return rows

    def _judge(self, found: Responses) -> None:
        """Put in why those that are still to count do not; the first reason that holds."""
        models = [place for place, one in enumerate(found.raters) if one.kind == RaterKind.MODEL]
        self._exclude(found.rows, np.isin(found.rows["rater"], models), "model")
        if self._attention:
            self._check_attention(found)
        for rule in self._rules:
            if rule["question"] in found.questions:
                number = rule["all_dimensions_equal"]
                same = np.array([_all_equal(one, number) for one in found.contents], dtype=bool)
                asked = found.rows["question"] == found.questions.index(rule["question"])
                self._exclude(found.rows, asked & same[found.rows["content"]], str(rule["name"]))

        if self.study.protocol.document["presentation"].get("choose_target"):
            self._exclude(found.rows, _of_others(found), OTHER_TARGET)

    def _check_attention(self, found: Responses) -> None:
        """Answers to attention items count for nobody; those of a rater who missed too many do not count either."""
        document = self.study.protocol.document
        keys = attention_keys(document)
        checking = np.array([item.key in keys for item in found.items], dtype=bool)
        self._exclude(found.rows, checking[found.rows["item"]], ATTENTION)
        asked = {question["key"]: question for question in document["questions"]}
        misses: Counter[int] = Counter()
        for rule in self._attention:
            for row in _answers_to(found, rule["item"], rule["question"], self._verdicts[ATTENTION]):
                if not meets(rule, asked[rule["question"]], found.contents[row["content"]]):
                    misses[int(row["rater"])] += 1
        most = document["quality"].get("most_misses", 0)
        failed = [rater for rater, n in misses.items() if n > most]
        self._exclude(found.rows, np.isin(found.rows["rater"], failed), FAILED_ATTENTION)

    def _exclude(self, rows: Rows, flags: BoolArray, verdict: str) -> None:
        rows["verdict"][flags & (rows["verdict"] == COUNTS)] = self._verdicts[verdict]

    def _rated_items(self) -> list[RatedItem]:
        rated = Item.objects.filter(pk__in=Response.objects.filter(study=self.study).values("item"))
        rows = rated.order_by(Collate("key", "C"), "pk").values_list("pk", "key", "condition")
        parts = parts_of(self.study.study_items.values("item"))
        durations_s = _durations_s(self.study)
        return [
            RatedItem(pk, intern(condition), parts.get(pk, ()), durations_s.get(pk), key)
            for pk, key, condition in rows.iterator(chunk_size=_ROWS_AT_ONCE)
            if str(pk) in self._items
        ]

    def _who_rated(self) -> list[WhoRated]:
        rated = Rater.objects.filter(pk__in=Response.objects.filter(study=self.study).values("rater"))
        rows = rated.order_by(Collate("pseudonym", "C")).values_list("pk", "pseudonym", "kind", "slot")
        return [WhoRated(*row) for row in rows if row[0] in self._raters]


def _answers_to(found: Responses, item: str, question: str, verdict: int) -> Rows:
    """The rows of one question about the items of this key that have this verdict."""
    asked = found.to(question).rows
    of_item = np.array([one.key == item for one in found.items], dtype=bool)
    rows: Rows = asked[of_item[asked["item"]] & (asked["verdict"] == verdict)]
    return rows


def _of_others(found: Responses) -> BoolArray:
    """Which answers are about somebody else than the one whom most raters of the item picked.

    Of equals the first by name. Answers about different people are never counted together.
    """
    rows = found.rows[(found.rows["verdict"] != _PRACTICE) & (found.rows["verdict"] != _WITHDRAWN)]
    picks = np.unique(rows[["item", "target", "rater"]])
    most: dict[int, int] = {}
    numbers = Counter(zip(picks["item"].tolist(), picks["target"].tolist(), strict=True))
    for (item, target), _ in sorted(numbers.items(), key=lambda one: (-one[1], found.targets[one[0][1]])):
        most.setdefault(item, target)
    about = np.array([most.get(item, -1) for item in range(len(found.items))])
    others: BoolArray = found.rows["target"] != about[found.rows["item"]]
    return others


def _ranks(places: _Places, found: Sequence[Any]) -> IntArray:
    """Where each value stands in ``found``, by the number it got; -1: not there."""
    ranks = np.full(len(places), -1)
    ranks[[places[one] for one in found]] = np.arange(len(found))
    return ranks


def _all_equal(value: dict[str, Any], number: float) -> bool:
    numbers = [one for one in value.values() if isinstance(one, int | float)]
    return bool(numbers) and all(one == number for one in numbers)


def _durations_s(study: Study) -> dict[UUID, float | None]:
    """Of the study's items, where a question is about places in them."""
    asked = [questions.question_type(one["type"]) for one in study.protocol.document["questions"]]
    if not any(isinstance(kind, PlacedQuestion) for kind in asked):
        return {}
    items = Item.objects.filter(pk__in=study.study_items.values("item")).select_related("asset")
    return {item.pk: length_s(item) for item in items}
