"""The tables of a release, row by row, in the order of their primary keys."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from affectory.release.tables import (
    Column,
    TableSpec,
    about_column,
    annotations_table,
    gold_columns,
    gold_traces_table,
    items_table,
    label_columns,
    mapped_columns,
    mark_columns,
    rater_splits_table,
    raters_table,
    splits_table,
    traces_raw_table,
    traces_table,
    word_columns,
)
from affectory.results import FloatArray
from affectory.splits import SplitAssignment
from annotation.facade import ExportedTrace, Judged, unpack
from exports.recipe import columns_of_keys
from exports.services.people import ToldRaters
from exports.services.source import Question, Source, SourceItem
from ingest.facade import group_values

Row = Mapping[str, Any]
# Cells of list columns that are gathered before they are written.
MEMBERS_PER_BATCH = 1 << 20
# Hour-long series of two dimensions are a megabyte or two each.
TRACES_AT_ONCE = 25
AXES = ("valence", "arousal", "dominance")


def dimension_names(source: Source) -> list[str]:
    """Dimensions of all continuous questions; they are the columns of the trace tables."""
    names = [one["key"] for question in continuous(source) for one in question.dimensions]
    return sorted(set(names))


def continuous(source: Source) -> list[Question]:
    return [question for question in source.questions if question.study.is_continuous(question.key)]


@dataclass
class Counted:
    """What is counted while the answers go by."""

    raters_of_item: Counter[str] = field(default_factory=Counter)
    responses_of_rater: Counter[tuple[str, str]] = field(default_factory=Counter)

    def passing(self, told: Iterable[tuple[Question, Judged]]) -> Iterator[tuple[Question, Judged]]:
        """The same answers; those of one item by one rater stand together."""
        before: tuple[str, str] | None = None
        for question, row in told:
            self.responses_of_rater[row.pseudonym, row.rater_kind] += 1
            if row.excluded is None and (row.item_key, row.pseudonym) != before:
                before = (row.item_key, row.pseudonym)
                self.raters_of_item[row.item_key] += 1
            yield question, row

    @property
    def raters(self) -> list[str]:
        return sorted(pseudonym for pseudonym, _ in self.responses_of_rater)


# --- items -------------------------------------------------------------------------------------------------


def items_spec(source: Source) -> TableSpec:
    columns = [column for question in source.questions for column in _columns(question)]
    return items_table(columns, columns_of_keys(source.dataset.recipe), with_parts=bool(source.parts))


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


def item_rows(
    source: Source, splits: SplitAssignment, role: str, counted: Counted, media: Mapping[str, tuple[str, str]]
) -> Iterator[Row]:
    """Items of one part; ``media``: item key -> (path in the release, sha256)."""
    keys = columns_of_keys(source.dataset.recipe)
    facts = source.facts("condition", "groups", "text", "onset_s", "offset_s", "asset__facts__duration_s")
    for item, (condition, groups, text, *times_s) in zip(source.items, facts, strict=True):
        if splits.roles[item.key] != role:
            continue
        path, sha256 = media.get(item.key, (None, None))
        yield {
            "item_id": item.key,
            "kind": item.kind,
            "split": role,
            "group_id": splits.groups[item.key],
            **{key: "; ".join(group_values(groups.get(key))) or None for key in keys},
            "condition": condition or None,
            "n_raters": counted.raters_of_item.get(item.key, 0),
            **{
                name: value
                for question in source.questions
                for name, value in _labels(source, question, item)
            },
            **_parts(source, item),
            "media_path": path,
            "media_sha256": sha256,
            "duration_s": length_s(*times_s),
            "text": text,
        }


def length_s(onset_s: float | None, offset_s: float | None, duration_s: float | None) -> float | None:
    """Seconds of an item: of its stretch of the asset, or of all of it."""
    end_s = offset_s if offset_s is not None else duration_s
    return None if end_s is None else float(end_s) - (onset_s or 0.0)


def _labels(source: Source, question: Question, item: SourceItem) -> Iterator[tuple[str, Any]]:
    yield from _voted(source, question, item)
    yield from _mapped(source, question, item)
    yield from _marked(source, question, item)
    yield from _worded(source, question, item)
    yield from _scored(source, question, item)


def _voted(source: Source, question: Question, item: SourceItem) -> Iterator[tuple[str, Any]]:
    if question.votes:
        row = source.label(question, item, "vote")
        yield f"{question.name}_label", row.value["label"] if row and row.value else None
        yield f"{question.name}_votes", list(row.value["votes"].values()) if row and row.value else None


def _mapped(source: Source, question: Question, item: SourceItem) -> Iterator[tuple[str, Any]]:
    if question.taxonomy:
        row = source.label(question, item, "mapped_vad")
        for axis in AXES:
            yield f"{question.name}_{axis}_mapped", row.value[axis] if row and row.value else None


def _marked(source: Source, question: Question, item: SourceItem) -> Iterator[tuple[str, Any]]:
    if question.marks_method:
        row = source.label(question, item, question.marks_method)
        value = row.value if row else None
        marks = None if value is None else json.dumps(value["marks"], sort_keys=True, separators=(",", ":"))
        yield f"{question.name}_marks", marks
        yield f"{question.name}_n", row.n_raters if row else 0


def _worded(source: Source, question: Question, item: SourceItem) -> Iterator[tuple[str, Any]]:
    if question.synonyms is not None:
        row = source.label(question, item, "words")
        value = row.value if row else None
        yield f"{question.name}_words", value["words"] if value else None
        yield (
            f"{question.name}_word_raters",
            [value["raters"][word] for word in value["words"]] if value else None,
        )
        yield f"{question.name}_n", row.n_raters if row else 0


def _scored(source: Source, question: Question, item: SourceItem) -> Iterator[tuple[str, Any]]:
    """Numbers of an item, or of one that was a part of items that were rated."""
    method, gold = question.gold or ("", ())
    row = source.label(question, item, method)
    for one in gold:
        name = f"{question.name}_{one.key}"
        yield name, row.value[one.key] if row and row.value else None
        yield f"{name}_sd", (row.dispersion or {}).get(one.key) if row else None
        yield f"{name}_n", row.n_raters if row else 0


def _parts(source: Source, item: SourceItem) -> dict[str, str | None]:
    if not source.parts:
        return {}
    named = {part.name: part.key for part in source.parts.get(item.pk, ())}
    return {"parts": json.dumps(named, ensure_ascii=False) if named else None}


def label_of(source: Source, name: str) -> Callable[[SourceItem], Any] | None:
    """How an item's value of a label column is found; None where no question has such a column."""
    for question in source.questions:
        if any(column.name == name for column in _columns(question)):
            return lambda item: dict(_labels(source, question, item))[name]
    return None


# --- one row per answer --------------------------------------------------------------------------------------


def annotations_spec(source: Source) -> TableSpec:
    return annotations_table(with_exposed=_has_reviews(source), with_target=_has_targets(source))


def _has_reviews(source: Source) -> bool:
    return any(question.study.review for question in source.questions)


def _has_targets(source: Source) -> bool:
    """Whether raters of some study picked whom they rate."""
    return any(question.study.document["presentation"].get("choose_target") for question in source.questions)


def annotation_rows(source: Source, told: Iterable[tuple[Question, Judged]]) -> Iterator[Row]:
    """One row per cell of every response, also of those that do not count; traces have a table of their own."""
    reviews, targets = _has_reviews(source), _has_targets(source)
    for question, row in told:
        cells = question.study.cells(row)
        if len(cells) > 1:
            cells = sorted(cells, key=lambda cell: (cell.dimension, cell.label or ""))
        for cell in cells:
            dimension = cell.dimension if cell.label is None else f"{cell.dimension}:{cell.label}"
            yield {
                **_answer(question, row),
                "dimension": dimension if question.options.get("multiple") else cell.dimension,
                "value_num": cell.number,
                "value_label": cell.label,
                "value_text": cell.text,
                "perspective": row.perspective,
                "answered_at": row.answered_us,
                "duration_ms": _whole_ms(row.active_ms),
                **({"exposed": row.exposed} if reviews else {}),
                **({"target": row.target or None} if targets else {}),
            }


def _whole_ms(time_ms: float | None) -> int | None:
    return None if time_ms is None else round(time_ms)


def _answer(question: Question, row: Judged) -> dict[str, Any]:
    return {
        "item_id": row.item_key,
        "rater_id": row.pseudonym,
        "question": question.name,
        "response_id": row.id,
        "simulated": row.rater_kind == "simulated",
        "excluded": row.excluded,
    }


def traces_spec(source: Source) -> TableSpec:
    return traces_table(dimension_names(source))


def trace_rows(source: Source) -> Iterator[Row]:
    names = dimension_names(source)
    waiting = _continuous_responses(source)
    while together := list(islice(waiting, TRACES_AT_ONCE)):
        rows_of: dict[str, list[Judged]] = {}
        for question, row in together:
            rows_of.setdefault(question.study.slug, []).append(row)
        studies = {question.study.slug: question.study for question, _ in together}
        traces = {
            row.id: trace
            for slug, rows in rows_of.items()
            for row, trace in zip(rows, studies[slug].traces(rows), strict=True)
        }
        for question, row in together:
            yield {**_answer(question, row), "take": 0, **_series(traces[row.id], names)}


def _continuous_responses(source: Source) -> Iterator[tuple[Question, Judged]]:
    return ((q, row) for q, row in source.responses() if q.study.is_continuous(q.key))


def batches(rows: Iterable[Row], spec: TableSpec) -> Iterator[pa.Table]:
    """Rows of long lists as tables: the lists are Arrow arrays and are joined, not unpacked."""
    gathered: list[Row] = []
    members = 0
    for row in rows:
        gathered.append(row)
        members += sum(len(cell) for cell in row.values() if isinstance(cell, pa.Array))
        if members >= MEMBERS_PER_BATCH:
            yield _joined(gathered, spec)
            gathered, members = [], 0
    if gathered:
        yield _joined(gathered, spec)


def _joined(rows: list[Row], spec: TableSpec) -> pa.Table:
    columns = [_joined_column([row[column.name] for row in rows], column.type) for column in spec.columns]
    return pa.Table.from_arrays(columns, names=[column.name for column in spec.columns])


def _joined_column(cells: list[Any], type_: pa.DataType) -> pa.Array:
    if not pa.types.is_list(type_):
        return pa.array(cells, type_)
    held = [cell for cell in cells if cell is not None]
    ends = np.cumsum([0, *(0 if cell is None else len(cell) for cell in cells)], dtype=np.int32)
    values = pa.concat_arrays(
        [pa.array([], type_.value_type), *(cell.cast(type_.value_type) for cell in held)]
    )
    missing = pa.array([cell is None for cell in cells]) if len(held) < len(cells) else None
    return pa.ListArray.from_arrays(pa.array(ends), values, type=type_, mask=missing)


def traces_raw_spec(source: Source) -> TableSpec:
    return traces_raw_table(dimension_names(source))


def trace_raw_rows(source: Source) -> Iterator[Row]:
    """The event log of each trace that was recorded here, one at a time: logs are long."""
    names = dimension_names(source)
    for question, row in _continuous_responses(source):
        log = question.study.log(row)
        if log is None:
            continue
        values = dict(zip(log.dimensions, log.values, strict=True))
        yield {
            "item_id": row.item_key,
            "rater_id": row.pseudonym,
            "question": question.name,
            "take": 0,
            "response_id": row.id,
            "seq": pa.array(log.seq, pa.int64()),
            "page": pa.array(log.page, pa.int32()),
            "event": pa.array(log.event, pa.string()),
            "t_event_us": pa.array(log.t_event_us, pa.int64()),
            "t_media_us": pa.array(log.t_media_us, pa.int64()),
            **{name: pa.array(values[name], pa.float64()) if name in values else None for name in names},
        }


def _series(trace: ExportedTrace, names: list[str]) -> dict[str, Any]:
    valid = np.logical_not(np.isnan(trace.values).any(axis=1))
    return {
        "rate_hz": trace.rate_hz,
        "t0_s": trace.t0_s,
        **{name: _column(trace.values, trace.dimensions, name) for name in names},
        "mask": pa.array(valid),
        "rule": trace.rule,
        "coverage": float(valid.mean()) if valid.size else 0.0,
        "longest_gap_s": _longest_run(np.logical_not(valid)) / trace.rate_hz,
    }


def _column(values: FloatArray, dimensions: list[str], name: str) -> pa.Array | None:
    """One dimension of a series, as the release holds it: null where there is no valid value."""
    if name not in dimensions:
        return None
    return pa.array(values[:, dimensions.index(name)], pa.float32(), from_pandas=True)


def _longest_run(flags: "np.ndarray[Any, np.dtype[np.bool_]]") -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))


# --- gold traces, raters, splits ------------------------------------------------------------------------------


def gold_traces_spec(source: Source) -> TableSpec:
    return gold_traces_table(dimension_names(source))


def gold_trace_rows(source: Source) -> Iterator[Row]:
    keys, names = {item.pk: item.key for item in source.items}, dimension_names(source)
    rows = [
        (keys[trace.item_id], question.name, trace.method, trace)
        for question in continuous(source)
        for trace in source.computed[question.study.slug].gold_traces
        if trace.question == question.key and trace.item_id in keys
    ]
    for key, name, method, trace in sorted(rows, key=lambda row: row[:3]):
        values, sd = (unpack(bytes(part), len(trace.dimensions)) for part in (trace.values, trace.sd))
        yield {
            "item_id": key,
            "question": name,
            "method": method,
            "rate_hz": trace.rate_hz,
            "t0_s": trace.t0_s,
            **{one: _column(values, trace.dimensions, one) for one in names},
            **{f"{one}_sd": _column(sd, trace.dimensions, one) for one in names},
            "n": pa.array(np.frombuffer(bytes(trace.n), dtype="<i4")),
        }


def raters_spec(told: ToldRaters) -> TableSpec:
    return raters_table([about_column(name, asked, told.k) for name, asked in told.columns.items()])


def rater_rows(counted: Counted, told: ToldRaters) -> Iterator[Row]:
    for (pseudonym, kind), n in sorted(counted.responses_of_rater.items()):
        yield {
            "rater_id": pseudonym,
            "kind": kind,
            "simulated": kind == "simulated",
            "n_responses": n,
            **dict.fromkeys(told.columns),
            **told.rows.get(pseudonym, {}),
        }


def splits_spec() -> TableSpec:
    return splits_table()


def rater_splits_spec() -> TableSpec:
    return rater_splits_table()
