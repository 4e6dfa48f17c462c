"""The label columns of items: which there are, and the labels of a dataset's items in them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from affectory.release.tables import (
    Column,
    gold_columns,
    label_columns,
    labels_column,
    mapped_columns,
    mark_columns,
    reason_column,
    word_columns,
)
from affectory.results import IntArray
from annotation.facade import ID, LabelRow, MadeLabels
from exports.services.questions import Question
from exports.services.source_items import ITEMS_AT_ONCE

AXES = ("valence", "arousal", "dominance")
Columns = Mapping[str, Sequence[Any]]
#: Method -> where the label of each item stands among the labels of a question; -1: it has none.
Places: TypeAlias = "Mapping[str, npt.NDArray[np.int32]]"
#: Method -> the label of each item.
Labels: TypeAlias = Callable[[str], Sequence[LabelRow | None]]


def columns_of(questions: Sequence[Question]) -> list[Column]:
    return [column for question in questions for column in _columns(question)]


def labels_of(
    question: Question, labels: Sequence[LabelRow], places: Places, n_items: int
) -> Iterator[pa.Table]:
    """The label columns of a question, some thousands of items at a time."""
    columns = _columns(question)
    nowhere = np.full(n_items, -1, np.int32)
    for start in range(0, n_items, ITEMS_AT_ONCE):
        here = slice(start, start + ITEMS_AT_ONCE)

        def rows(method: str, here: slice = here) -> list[LabelRow | None]:
            chosen = places.get(method, nowhere)[here].tolist()
            return [None if at < 0 else labels[at] for at in chosen]

        values = _values(question, cache(rows))
        arrays = [pa.array(values[column.name], column.type) for column in columns]
        yield pa.table(arrays, names=[column.name for column in columns])


def places_of(labels: Sequence[LabelRow], ids: pa.Array) -> Places:
    """By method, where the label of each item stands among ``labels``; -1: it has none."""
    if isinstance(labels, MadeLabels):
        n = len(labels.methods)
        numbers = {name: np.arange(at, len(labels), n) for at, name in enumerate(labels.methods)}
        return {name: _placed(labels.ids, ids, number) for name, number in numbers.items()}
    by_method: dict[str, list[int]] = {}
    for at, row in enumerate(labels):
        by_method.setdefault(row.method, []).append(at)
    return {
        name: _placed(pa.array([labels[at].item.bytes for at in number], ID), ids, np.array(number))
        for name, number in by_method.items()
    }


def _placed(labelled: pa.Array, ids: pa.Array, number: IntArray) -> "npt.NDArray[np.int32]":
    """The number of the label of each item; ``labelled``: the items that have one, of which the last counts."""
    place = pc.index_in(labelled, value_set=ids).fill_null(-1).to_numpy()
    numbers = np.full(len(ids), -1, np.int32)
    numbers[place[place >= 0]] = number[place >= 0]
    return numbers


def _columns(question: Question) -> list[Column]:
    name, source = question.name, question.source
    voted = label_columns(name, question.votes, source=source) if question.votes else ()
    several = [labels_column(name, source=source)] if question.several_labels else []
    mapped = mapped_columns(name, AXES, minimum=-1, maximum=1, source=source) if question.taxonomy else ()
    worded = word_columns(name, source=source) if question.synonyms is not None else ()
    _, gold = question.gold or ("", ())
    scored = (
        gold_columns(name, one.key, minimum=one.minimum, maximum=one.maximum, source=source) for one in gold
    )
    marked = mark_columns(name, source=source) if question.marks_method else ()
    told = [
        *voted,
        *several,
        *mapped,
        *worded,
        *marked,
        *(column for columns in scored for column in columns),
    ]
    return [*told, reason_column(name, source=source)] if told else []


def _values(question: Question, labels: Labels) -> Columns:
    return {
        **_voted(question, labels),
        **_mapped(question, labels),
        **_marked(question, labels),
        **_worded(question, labels),
        **_scored(question, labels),
        f"{question.name}_reason": _reasons(question, labels),
    }


def _voted(question: Question, labels: Labels) -> Columns:
    if not question.votes:
        return {}
    values = [row.value if row else None for row in labels("vote")]
    columns = {
        f"{question.name}_label": [value["label"] if value else None for value in values],
        f"{question.name}_votes": [list(value["votes"].values()) if value else None for value in values],
    }
    if question.several_labels:
        columns[f"{question.name}_labels"] = [_chosen(row) for row in labels("vote")]
    return columns


def _chosen(row: LabelRow | None) -> list[str] | None:
    """What enough raters chose, also where the most chosen label is tied; None where too few answered."""
    if row is None or row.value is None or row.n_raters < row.provenance["min_raters"]:
        return None
    chosen: list[str] = row.value["labels"]
    return chosen


def _reasons(question: Question, labels: Labels) -> Sequence[str | None]:
    """Why an item that was rated, or one that was a part of such, has no label."""
    rows = zip(*(labels(method) for method in question.label_methods), strict=True)
    return [next((row.reason for row in told if row and row.reason), None) for told in rows]


def _mapped(question: Question, labels: Labels) -> Columns:
    if not question.taxonomy:
        return {}
    values = [row.value if row else None for row in labels("mapped_vad")]
    return {
        f"{question.name}_{axis}_mapped": [value[axis] if value else None for value in values]
        for axis in AXES
    }


def _marked(question: Question, labels: Labels) -> Columns:
    if not question.marks_method:
        return {}
    rows = labels(question.marks_method)
    return {
        f"{question.name}_marks": [_marks(row.value) if row else None for row in rows],
        f"{question.name}_n": [row.n_raters if row else 0 for row in rows],
    }


def _marks(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(value["marks"], sort_keys=True, separators=(",", ":"))


def _worded(question: Question, labels: Labels) -> Columns:
    if question.synonyms is None:
        return {}
    rows = labels("words")
    values = [row.value if row else None for row in rows]
    return {
        f"{question.name}_words": [value["words"] if value else None for value in values],
        f"{question.name}_word_raters": [
            [value["raters"][word] for word in value["words"]] if value else None for value in values
        ],
        f"{question.name}_n": [row.n_raters if row else 0 for row in rows],
    }


def _scored(question: Question, labels: Labels) -> Columns:
    """Numbers of each item, or of one that was a part of items that were rated."""
    method, gold = question.gold or ("", ())
    rows = labels(method)
    columns: dict[str, Sequence[Any]] = {}
    for one in gold:
        name = f"{question.name}_{one.key}"
        columns[name] = [row.value[one.key] if row and row.value else None for row in rows]
        columns[f"{name}_sd"] = [(row.dispersion or {}).get(one.key) if row else None for row in rows]
        columns[f"{name}_n"] = [row.n_raters if row else 0 for row in rows]
    return columns
