"""The tables of a release, row by row, in the order of their primary keys."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from affectory.release.tables import (
    Column,
    TableSpec,
    annotations_table,
    gold_columns,
    gold_traces_table,
    items_table,
    label_columns,
    mapped_columns,
    mark_columns,
    raters_table,
    splits_table,
    traces_table,
)
from affectory.results import FloatArray
from affectory.splits import SplitAssignment
from annotation.facade import ExportedTrace, Judged, unpack
from exports.services.source import Question, Source
from ingest.facade import Item

Row = Mapping[str, Any]
AXES = ("valence", "arousal", "dominance")
SCHEME = "default"


def dimension_names(source: Source) -> list[str]:
    """Dimensions of all continuous questions; they are the columns of the trace tables."""
    names = [one["key"] for question in continuous(source) for one in question.dimensions]
    return sorted(set(names))


def continuous(source: Source) -> list[Question]:
    return [question for question in source.questions if question.study.is_continuous(question.key)]


# --- items -------------------------------------------------------------------------------------------------


def items_spec(source: Source, group_keys: list[str]) -> TableSpec:
    return items_table([column for question in source.questions for column in _columns(question)], group_keys)


def _columns(question: Question) -> list[Column]:
    if question.type == "scale":
        return [
            column
            for one in question.dimensions
            for column in gold_columns(
                question.name, one["key"], minimum=one["min"], maximum=one["max"], source=question.source
            )
        ]
    if question.type == "category":
        labels = [label["key"] for label in question.options["labels"]]
        mapped = mapped_columns(question.name, AXES, minimum=-1, maximum=1, source=question.source)
        return [*label_columns(question.name, labels, source=question.source), *mapped]
    return list(mark_columns(question.name, source=question.source)) if question.marks_method else []


def item_rows(
    source: Source,
    splits: SplitAssignment,
    role: str,
    group_keys: list[str],
    media: Mapping[str, tuple[str, str]],
) -> Iterator[Row]:
    """Items of one split; ``media``: item key -> (path in the release, sha256)."""
    raters = _raters_per_item(source)
    for item in source.items:
        if splits.roles[item.key] != role:
            continue
        path, sha256 = media.get(item.key, (None, None))
        yield {
            "item_id": item.key,
            "kind": item.kind,
            "split": role,
            "group_id": splits.groups[item.key],
            **{key: item.groups.get(key) for key in group_keys},
            "condition": item.condition or None,
            "n_raters": raters[item.key],
            **{
                name: value
                for question in source.questions
                for name, value in _labels(source, question, item)
            },
            "media_path": path,
            "media_sha256": sha256,
            "duration_s": _duration_s(item),
            "text": item.text,
        }


def _labels(source: Source, question: Question, item: Item) -> Iterator[tuple[str, Any]]:
    if question.type == "scale":
        row = source.label(question, item, "mean")
        for one in question.dimensions:
            name = f"{question.name}_{one['key']}"
            yield name, row.value[one["key"]] if row and row.value else None
            yield f"{name}_sd", row.dispersion[one["key"]] if row and row.dispersion else None
            yield f"{name}_n", row.n_raters if row else 0
    elif question.type == "category":
        row, mapped = source.label(question, item, "vote"), source.label(question, item, "mapped_vad")
        votes = list(row.value["votes"].values()) if row and row.value else None
        yield f"{question.name}_label", row.value["label"] if row and row.value else None
        yield f"{question.name}_votes", votes
        for axis in AXES:
            yield f"{question.name}_{axis}_mapped", mapped.value[axis] if mapped and mapped.value else None
    elif question.marks_method:
        yield from _marks(source, question, item, question.marks_method)


def _marks(source: Source, question: Question, item: Item, method: str) -> Iterator[tuple[str, Any]]:
    row = source.label(question, item, method)
    value = row.value if row else None
    marks = None if value is None else json.dumps(value["marks"], sort_keys=True, separators=(",", ":"))
    yield f"{question.name}_marks", marks
    yield f"{question.name}_n", row.n_raters if row else 0


def _raters_per_item(source: Source) -> Counter[str]:
    pairs = {(row.item_key, row.rater) for _, row in source.responses() if row.excluded is None}
    return Counter(key for key, _ in pairs)


def _duration_s(item: Item) -> float | None:
    if item.onset_s is not None and item.offset_s is not None:
        return item.offset_s - item.onset_s
    return item.asset.facts.get("duration_s") if item.asset else None


# --- one row per answer --------------------------------------------------------------------------------------


def annotations_spec() -> TableSpec:
    return annotations_table()


def annotation_rows(source: Source) -> Iterator[Row]:
    """One row per cell of every response, also of those that do not count; traces have a table of their own."""
    for question, row in source.responses():
        for cell in sorted(question.study.cells(row), key=lambda cell: (cell.dimension, cell.label or "")):
            dimension = cell.dimension if cell.label is None else f"{cell.dimension}:{cell.label}"
            yield {
                **_answer(question, row),
                "dimension": dimension if question.options.get("multiple") else cell.dimension,
                "value_num": cell.number,
                "value_label": cell.label,
                "value_text": cell.text,
                "perspective": row.perspective,
                "answered_at": row.answered_at,
                "duration_ms": _whole_ms(row.timing.get("active_ms")),
            }


def _whole_ms(time_ms: float | None) -> int | None:
    return None if time_ms is None else round(time_ms)


def _answer(question: Question, row: Judged) -> dict[str, Any]:
    return {
        "item_id": row.item_key,
        "rater_id": row.pseudonym,
        "question": question.name,
        "response_id": str(row.id),
        "simulated": row.rater_kind == "simulated",
        "excluded": row.excluded,
    }


def traces_spec(source: Source) -> TableSpec:
    return traces_table(dimension_names(source))


def trace_rows(source: Source) -> Iterator[Row]:
    names = dimension_names(source)
    for question, row in source.responses():
        if question.study.is_continuous(question.key):
            trace = question.study.trace(row)
            yield {**_answer(question, row), "take": 0, **_series(trace, names)}


def _series(trace: ExportedTrace, names: list[str]) -> dict[str, Any]:
    valid = np.logical_not(np.isnan(trace.values).any(axis=1))
    return {
        "rate_hz": trace.rate_hz,
        "t0_s": trace.t0_s,
        **{name: _column(trace.values, trace.dimensions, name) for name in names},
        "mask": valid,
        "rule": trace.rule,
        "coverage": float(valid.mean()) if valid.size else 0.0,
        "longest_gap_s": _longest_run(np.logical_not(valid)) / trace.rate_hz,
    }


def _column(values: FloatArray, dimensions: list[str], name: str) -> list[float | None] | None:
    if name not in dimensions:
        return None
    return [None if np.isnan(value) else value for value in values[:, dimensions.index(name)].tolist()]


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
            "n": np.frombuffer(bytes(trace.n), dtype="<i4"),
        }


def raters_spec() -> TableSpec:
    return raters_table()


def rater_rows(source: Source) -> Iterator[Row]:
    counts: Counter[tuple[str, str]] = Counter(
        (row.pseudonym, row.rater_kind) for _, row in source.responses()
    )
    for (pseudonym, kind), n in sorted(counts.items()):
        yield {"rater_id": pseudonym, "kind": kind, "simulated": kind == "simulated", "n_responses": n}


def splits_spec() -> TableSpec:
    return splits_table()


def split_rows(source: Source, splits: SplitAssignment) -> Iterator[Row]:
    for item in source.items:
        yield {
            "scheme": SCHEME,
            "item_id": item.key,
            "group_id": splits.groups[item.key],
            "role": splits.roles[item.key],
        }
