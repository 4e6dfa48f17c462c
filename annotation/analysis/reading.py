"""Reading the responses of a study, and judging which count by the protocol's rules; nothing is deleted."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
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
from annotation.analysis.responses import COUNTS, REST, ROW, Responses, Rows, WhoRated
from annotation.analysis.spool import Spool
from annotation.analysis.stored import ID_TEXT, NAMED, TEXT, ids_of, stored_tables
from annotation.attention import ATTENTION, FAILED_ATTENTION, attention_keys
from annotation.branching import meets
from annotation.models import ParticipationState, Response, Study
from annotation.questions.answers import ID, RatedItems
from annotation.questions.contract import PlacedQuestion
from annotation.repeats import REPEAT, repeats_rule
from annotation.timing import length_s
from ingest.facade import Item, parts_of

OTHER_TARGET = "other_target"


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
    "id": ID_TEXT, "item": ID_TEXT, "rater": pa.dictionary(pa.int32(), pa.int64()),
    "question": NAMED, "value": NAMED, "perspective": NAMED, "answered_us": pa.int64(),
    "active_ms": pa.float64(), "exposed": pa.bool_(), "target": NAMED, "practice": pa.bool_(), "take": pa.int16(),
    _STATE: TEXT,
}  # fmt: skip
_LYING = np.dtype([("row", ROW), ("item_id", "V16")])
# Each time the ids of all items are hashed.
_NAMED_AT_ONCE = 1 << 18
_RATED = {"pk": ID_TEXT, "key": TEXT, "condition": TEXT}


class _Reading:
    """Reads responses as they lie, which is much faster than in order, and sorts them by their numbers."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._raters, self._questions = _Places(), _Places()
        self._contents, self._perspectives, self._targets = _Places(), _Places(), _Places()
        self._rules = study.protocol.document["quality"]["exclude"]
        self._attention = study.protocol.document["quality"].get("attention", [])
        reasons = [
            "practice",
            "withdrawn",
            *((REPEAT,) if repeats_rule(study.protocol.document) else ()),
            "model",
            *((ATTENTION, FAILED_ATTENTION) if self._attention else ()),
            *(str(rule["name"]) for rule in self._rules),
            OTHER_TARGET,
        ]
        self._verdicts = {reason: place for place, reason in enumerate(dict.fromkeys(reasons))}

    def read(self, only: Collection[str] | None) -> Responses:
        lying, rest = Spool(_LYING), Spool(REST)
        self._read_into(lying, rest, only)
        items, raters, questions = self._rated_items(), self._who_rated(), sorted(self._questions)
        rows = _with_items(lying, items.ids)
        rows["rater"] = _ranks(self._raters, [one.id for one in raters])[rows["rater"]]
        rows["question"] = _ranks(self._questions, questions)[rows["question"]]
        order = _order_of(rows)
        rest, rows = rest.in_order(order), rows[order]
        rows["place"] = np.arange(len(rows))
        found = Responses(
            rows, rest, items, raters, questions,
            [json.loads(text) for text in self._contents], list(self._perspectives), list(self._targets),
            list(self._verdicts),
        )  # fmt: skip
        self._judge(found)
        return found

    def _read_into(self, lying: Spool, rest: Spool, only: Collection[str] | None) -> None:
        """The responses as they lie: what is held of each with the id of its item, and the rest."""
        for stored in stored_tables(self._query(), _READ):
            kept = stored if only is None else stored.filter(_are_among(stored.column("id"), only))
            columns = {name: kept.column(name).combine_chunks() for name in _READ}
            lying.append(self._rows(columns))
            rest.append(self._rest(columns))

    def _query(self) -> QuerySet[Response, Any]:
        return (
            Response.objects.filter(study=self.study)
            .annotate(
                answered_us=Func(F("answered_at"), template=_MICROSECONDS, output_field=Field()),
                active_ms=Func(F("timing"), template=_ACTIVE_MS, output_field=Field()),
            )
            .values_list(*_READ)
        )

    def _rows(self, columns: Mapping[str, pa.Array]) -> Rows:
        lying = np.empty(len(columns["id"]), _LYING)
        lying["item_id"] = np.frombuffer(ids_of(columns["item"]).buffers()[1], "V16")
        rows = lying["row"]
        rows["rater"] = self._raters.of(columns["rater"])
        rows["question"] = self._questions.of(columns["question"])
        rows["content"] = self._contents.of(columns["value"])
        rows["take"] = columns["take"].to_numpy()
        rows["exposed"] = columns["exposed"].to_numpy(zero_copy_only=False)
        withdrawn = pc.equal(columns[_STATE], ParticipationState.WITHDRAWN)
        rows["verdict"] = COUNTS
        if REPEAT in self._verdicts:
            rows["verdict"][rows["take"] > 0] = self._verdicts[REPEAT]
        rows["verdict"][withdrawn.to_numpy(zero_copy_only=False)] = self._verdicts["withdrawn"]
        rows["verdict"][columns["practice"].to_numpy(zero_copy_only=False)] = self._verdicts["practice"]
        return lying

    def _rest(self, columns: Mapping[str, pa.Array]) -> Rows:
        rest = np.empty(len(columns["id"]), REST)
        rest["id"] = np.frombuffer(columns["id"].buffers()[1], REST["id"])[: len(rest)]
        rest["perspective"] = self._perspectives.of(columns["perspective"])
        rest["target"] = self._targets.of(columns["target"])
        for name in ("answered_us", "active_ms"):
            rest[name] = columns[name].to_numpy(zero_copy_only=False)
        return rest

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
        checking = pc.is_in(found.items.keys, value_set=pa.array(sorted(keys), TEXT)).to_numpy(
            zero_copy_only=False
        )
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

    def _rated_items(self) -> RatedItems:
        rated = Item.objects.filter(pk__in=Response.objects.filter(study=self.study).values("item"))
        rows = rated.order_by(Collate("key", "C"), "pk").values_list(*_RATED)
        nothing = [pa.array([], type_) for type_ in _RATED.values()]
        tables = [pa.table(nothing, names=list(_RATED)), *stored_tables(rows, _RATED)]
        ids, keys, conditions = (column.combine_chunks() for column in pa.concat_tables(tables).columns)
        return RatedItems(
            ids_of(ids),
            keys,
            conditions.dictionary_encode(),
            parts_of(self.study.study_items.values("item")),
            _durations_s(self.study),
        )

    def _who_rated(self) -> list[WhoRated]:
        rated = Rater.objects.filter(pk__in=Response.objects.filter(study=self.study).values("rater"))
        rows = rated.order_by(Collate("pseudonym", "C")).values_list("pk", "pseudonym", "kind", "slot")
        return [WhoRated(*row) for row in rows if row[0] in self._raters]


def _answers_to(found: Responses, item: str, question: str, verdict: int) -> Rows:
    """The rows of one question about the items of this key that have this verdict."""
    asked = found.to(question).rows
    of_item = pc.equal(found.items.keys, item).to_numpy(zero_copy_only=False)
    rows: Rows = asked[of_item[asked["item"]] & (asked["verdict"] == verdict)]
    return rows


def _of_others(found: Responses) -> BoolArray:
    """Which answers are about somebody else than the one whom most raters of the item picked.

    Of equals the first by name. Answers about different people are never counted together.
    """
    targets = found.rest_of_rows()["target"]
    left_out = [
        found.verdicts.index(one) for one in ("practice", "withdrawn", REPEAT) if one in found.verdicts
    ]
    answering = ~np.isin(found.rows["verdict"], left_out)
    rows = found.rows[answering]
    picks = np.unique(np.column_stack([rows["item"], targets[answering], rows["rater"]]), axis=0)
    most: dict[int, int] = {}
    numbers = Counter(zip(picks[:, 0].tolist(), picks[:, 1].tolist(), strict=True))
    for (item, target), _ in sorted(numbers.items(), key=lambda one: (-one[1], found.targets[one[0][1]])):
        most.setdefault(item, target)
    about = np.array([most.get(item, -1) for item in range(len(found.items))])
    others: BoolArray = targets != about[found.rows["item"]]
    return others


def _are_among(ids: pa.ChunkedArray, only: Collection[str]) -> pa.Array:
    return pa.array([one.decode() in only for one in ids.to_pylist()], pa.bool_())


def _with_items(lying: Spool, ids: pa.FixedSizeBinaryArray) -> Rows:
    """Rows with the place of the item of each among ``ids``; -1: not there."""
    rows = np.empty(len(lying), ROW)
    for start in range(0, len(rows), _NAMED_AT_ONCE):
        some = lying.at(np.arange(start, min(start + _NAMED_AT_ONCE, len(rows))))
        named = pa.FixedSizeBinaryArray.from_buffers(
            ID, len(some), [None, pa.py_buffer(some["item_id"].tobytes())]
        )
        rows[start : start + len(some)] = some["row"]
        rows["item"][start : start + len(some)] = pc.index_in(named, value_set=ids).fill_null(-1).to_numpy()
    return rows


def _order_of(rows: Rows) -> IntArray:
    """Places of the rows by item, rater, question and take; what was erased since they were read is left out."""
    raters, asked = (int(rows[name].max(initial=0)) + 1 for name in ("rater", "question"))
    number = (rows["item"].astype(np.int64) * raters + rows["rater"]) * asked + rows["question"]
    order = np.argsort(2 * number + rows["take"])
    found: IntArray = order[(rows["item"][order] >= 0) & (rows["rater"][order] >= 0)]
    return found


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
