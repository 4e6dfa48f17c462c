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
    raters_table,
    splits_table,
    traces_table,
    word_columns,
)
from affectory.results import FloatArray
from affectory.splits import SplitAssignment
from annotation.facade import ExportedTrace, Judged, unpack
from exports.services.source import Question, Source
from ingest.facade import Item, group_values

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
    columns = [column for question in source.questions for column in _columns(question)]
    return items_table(columns, group_keys, with_parts=bool(source.parts))


def _columns(question: Question) -> list[Column]:
    name, source = question.name, question.source
    voted = label_columns(name, question.votes, source=source) if question.votes else ()
    mapped = mapped_columns(name, AXES, minimum=-1, maximum=1, source=source) if question.taxonomy else ()
    worded = word_columns(name, source=source) if question.synonyms is not None else ()
    _, gold = question.gold or ("", ())
    scored = (
        gold_columns(name, one.key, minimum=one.minimum, maximum=one.maximum, source=source) for one in gold
    )
    return [*voted, *mapped, *worded, *(column for columns in scored for column in columns)]


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
            **{key: "; ".join(group_values(item.groups.get(key))) or None for key in group_keys},
            "condition": item.condition or None,
            "n_raters": raters[item.key],
            **{
                name: value
                for question in source.questions
                for name, value in _labels(source, question, item)
            },
            **_parts(source, item),
            "media_path": path,
            "media_sha256": sha256,
            "duration_s": _duration_s(item),
            "text": item.text,
        }


def _labels(source: Source, question: Question, item: Item) -> Iterator[tuple[str, Any]]:
    yield from _voted(source, question, item)
    yield from _mapped(source, question, item)
    yield from _worded(source, question, item)
    yield from _scored(source, question, item)


def _voted(source: Source, question: Question, item: Item) -> Iterator[tuple[str, Any]]:
    if question.votes:
        row = source.label(question, item, "vote")
        yield f"{question.name}_label", row.value["label"] if row and row.value else None
        yield f"{question.name}_votes", list(row.value["votes"].values()) if row and row.value else None


def _mapped(source: Source, question: Question, item: Item) -> Iterator[tuple[str, Any]]:
    if question.taxonomy:
        row = source.label(question, item, "mapped_vad")
        for axis in AXES:
            yield f"{question.name}_{axis}_mapped", row.value[axis] if row and row.value else None


def _worded(source: Source, question: Question, item: Item) -> Iterator[tuple[str, Any]]:
    if question.synonyms is not None:
        row = source.label(question, item, "words")
        value = row.value if row else None
        yield f"{question.name}_words", value["words"] if value else None
        yield (
            f"{question.name}_word_raters",
            [value["raters"][word] for word in value["words"]] if value else None,
        )
        yield f"{question.name}_n", row.n_raters if row else 0


def _scored(source: Source, question: Question, item: Item) -> Iterator[tuple[str, Any]]:
    """Numbers of an item, or of one that was a part of items that were rated."""
    method, gold = question.gold or ("", ())
    row = source.label(question, item, method)
    for one in gold:
        name = f"{question.name}_{one.key}"
        yield name, row.value[one.key] if row and row.value else None
        yield f"{name}_sd", (row.dispersion or {}).get(one.key) if row else None
        yield f"{name}_n", row.n_raters if row else 0


def _parts(source: Source, item: Item) -> dict[str, str | None]:
    if not source.parts:
        return {}
    named = {part.name: part.key for part in source.parts.get(item.pk, ())}
    return {"parts": json.dumps(named, ensure_ascii=False) if named else None}


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
