"""The label columns of items: which there are, and the labels of a dataset's items in them."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

import pyarrow as pa

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
from annotation.facade import LabelRow
from exports.services.questions import Question

AXES = ("valence", "arousal", "dominance")
# What a label says is many Python objects.
ITEMS_AT_ONCE = 4_096
Columns = Mapping[str, Sequence[Any]]
#: Method -> the label of each item.
Labels: TypeAlias = Callable[[str], Sequence[LabelRow | None]]


def columns_of(questions: Sequence[Question]) -> list[Column]:
    return [column for question in questions for column in _columns(question)]


def labels_of(
    question: Question, labels: Sequence[LabelRow], items: Sequence[UUID]
) -> Mapping[str, pa.Array]:
    """The label columns of a question, with a row for each item: much smaller than the labels."""
    place = {item: at for at, item in enumerate(items)}
    rows: defaultdict[str, list[LabelRow | None]] = defaultdict(lambda: [None] * len(items))
    for row in labels:
        if row.item in place:
            rows[row.method][place[row.item]] = row
    columns = _columns(question)

    def piece(start: int) -> pa.Table:
        values = _values(question, lambda method: rows[method][start : start + ITEMS_AT_ONCE])
        arrays = [pa.array(values[column.name], column.type) for column in columns]
        return pa.table(arrays, names=[column.name for column in columns])

    table = pa.concat_tables(piece(start) for start in range(0, len(items), ITEMS_AT_ONCE))
    return {name: table.column(name).combine_chunks() for name in table.column_names}


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
