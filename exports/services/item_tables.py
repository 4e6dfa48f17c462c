"""The table of items: what each is, and the labels it got."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from affectory.release.tables import (
    Column,
    TableSpec,
    gold_columns,
    items_table,
    label_columns,
    mapped_columns,
    mark_columns,
    media_columns,
    word_columns,
)
from affectory.splits import SplitAssignment
from exports.recipe import columns_of_keys
from exports.services.media import holds_originals
from exports.services.source import Question, Source, SourceItem
from ingest.facade import group_values

AXES = ("valence", "arousal", "dominance")
ITEMS_AT_ONCE = 4_096
Columns = Mapping[str, Sequence[Any]]


def items_spec(source: Source) -> TableSpec:
    columns = [column for question in source.questions for column in _columns(question)]
    return items_table(
        columns,
        columns_of_keys(source.dataset.recipe),
        with_parts=bool(source.parts),
        with_times=source.timed_parts,
        with_originals=holds_originals(source),
    )


def _columns(question: Question) -> list[Column]:
    name, source = question.name, question.source
    voted = label_columns(name, question.votes, source=source) if question.votes else ()
    mapped = mapped_columns(name, AXES, minimum=-1, maximum=1, source=source) if question.taxonomy else ()
    worded = word_columns(name, source=source) if question.synonyms is not None else ()
    _, gold = question.gold or ("", ())
    scored = (
        gold_columns(name, one.key, minimum=one.minimum, maximum=one.maximum, source=source) for one in gold
    )
    marked = mark_columns(name, source=source) if question.marks_method else ()
    return [*voted, *mapped, *worded, *marked, *(column for columns in scored for column in columns)]


def item_tables(
    source: Source, splits: SplitAssignment, role: str, media: Mapping[str, Mapping[str, str]]
) -> Iterator[pa.Table]:
    """Items of one part; ``media``: item key -> columns of its files."""
    spec = items_spec(source)
    placed = [item for item in source.items if splits.roles[item.key] == role]
    for start in range(0, len(placed), ITEMS_AT_ONCE):
        items = placed[start : start + ITEMS_AT_ONCE]
        files = [media.get(item.key, {}) for item in items]
        columns: Columns = {
            "item_id": [item.key for item in items],
            "kind": [item.kind for item in items],
            "split": [role] * len(items),
            "group_id": [splits.groups[item.key] for item in items],
            "n_raters": source.answered.raters_of_item[[item.at for item in items]].tolist(),
            **{
                name: [one.get(name) for one in files]
                for name in media_columns(originals=holds_originals(source))
            },
            **_facts(source, items),
            **_parts(source, items),
            **{
                name: values
                for question in source.questions
                for name, values in _labels(source, question, items).items()
            },
        }
        yield pa.table([pa.array(columns[one.name], one.type) for one in spec.columns], spec.schema.names)


def _facts(source: Source, items: Sequence[SourceItem]) -> Columns:
    fields = ("condition", "groups", "text", "onset_s", "offset_s", "asset__facts__duration_s")
    condition, groups, text, *times_s = zip(*source.facts_of(items, *fields), strict=True)
    return {
        "condition": [one or None for one in condition],
        "text": text,
        "duration_s": [length_s(*times) for times in zip(*times_s, strict=True)],
        **{
            key: ["; ".join(group_values(one.get(key))) or None for one in groups]
            for key in columns_of_keys(source.dataset.recipe)
        },
    }


def length_s(onset_s: float | None, offset_s: float | None, duration_s: float | None) -> float | None:
    """Seconds of an item: of its stretch of the asset, or of all of it."""
    end_s = offset_s if offset_s is not None else duration_s
    return None if end_s is None else float(end_s) - (onset_s or 0.0)


def _parts(source: Source, items: Sequence[SourceItem]) -> Columns:
    if not source.parts:
        return {}
    parts = [source.parts.get(item.pk, ()) for item in items]
    found = {"parts": [_object({part.name: part.key for part in some}) for some in parts]}
    if source.timed_parts:
        onsets_s = [{part.name: part.onset_s for part in some if part.onset_s is not None} for some in parts]
        found["part_onsets_s"] = [_object(some) for some in onsets_s]
    return found


def _object(named: Mapping[str, Any]) -> str | None:
    return json.dumps(named, ensure_ascii=False) if named else None


def label_values(source: Source, name: str) -> Sequence[Any] | None:
    """The value of each item in a label column; None where no question has such a column."""
    for question in source.questions:
        if any(column.name == name for column in _columns(question)):
            return _labels(source, question, source.items)[name]
    return None


# --- what the labels of a question hold ------------------------------------------------------------------------


def _labels(source: Source, question: Question, items: Sequence[SourceItem]) -> Columns:
    return {
        **_voted(source, question, items),
        **_mapped(source, question, items),
        **_marked(source, question, items),
        **_worded(source, question, items),
        **_scored(source, question, items),
    }


def _voted(source: Source, question: Question, items: Iterable[SourceItem]) -> Columns:
    if not question.votes:
        return {}
    values = [row.value if row else None for row in source.label_rows(question, "vote", items)]
    return {
        f"{question.name}_label": [value["label"] if value else None for value in values],
        f"{question.name}_votes": [list(value["votes"].values()) if value else None for value in values],
    }


def _mapped(source: Source, question: Question, items: Iterable[SourceItem]) -> Columns:
    if not question.taxonomy:
        return {}
    values = [row.value if row else None for row in source.label_rows(question, "mapped_vad", items)]
    return {
        f"{question.name}_{axis}_mapped": [value[axis] if value else None for value in values]
        for axis in AXES
    }


def _marked(source: Source, question: Question, items: Iterable[SourceItem]) -> Columns:
    if not question.marks_method:
        return {}
    rows = source.label_rows(question, question.marks_method, items)
    return {
        f"{question.name}_marks": [_marks(row.value) if row else None for row in rows],
        f"{question.name}_n": [row.n_raters if row else 0 for row in rows],
    }


def _marks(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(value["marks"], sort_keys=True, separators=(",", ":"))


def _worded(source: Source, question: Question, items: Iterable[SourceItem]) -> Columns:
    if question.synonyms is None:
        return {}
    rows = source.label_rows(question, "words", items)
    values = [row.value if row else None for row in rows]
    return {
        f"{question.name}_words": [value["words"] if value else None for value in values],
        f"{question.name}_word_raters": [
            [value["raters"][word] for word in value["words"]] if value else None for value in values
        ],
        f"{question.name}_n": [row.n_raters if row else 0 for row in rows],
    }


def _scored(source: Source, question: Question, items: Iterable[SourceItem]) -> Columns:
    """Numbers of each item, or of one that was a part of items that were rated."""
    method, gold = question.gold or ("", ())
    rows = source.label_rows(question, method, items)
    columns: dict[str, Sequence[Any]] = {}
    for one in gold:
        name = f"{question.name}_{one.key}"
        columns[name] = [row.value[one.key] if row and row.value else None for row in rows]
        columns[f"{name}_sd"] = [(row.dispersion or {}).get(one.key) if row else None for row in rows]
        columns[f"{name}_n"] = [row.n_raters if row else 0 for row in rows]
    return columns
