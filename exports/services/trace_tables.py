"""The tables of traces: each rater's series, the event logs behind them, and the gold."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from affectory.errors import Invalid
from affectory.release.tables import (
    TableSpec,
    gold_raters_table,
    gold_traces_table,
    traces_raw_table,
    traces_table,
)
from affectory.results import FloatArray
from annotation.facade import ExportedTrace, GoldTrace, Judged, unpack
from exports.recipe import fusions_of
from exports.services.made import Made, Tally
from exports.services.questions import Question
from exports.services.source import Source

Row = Mapping[str, Any]
# Cells of list columns that are gathered before they are written.
MEMBERS_PER_BATCH = 1 << 20
# Hour-long series of two dimensions are a megabyte or two each.
TRACES_AT_ONCE = 25
LAG_NOT_KNOWN = "lag not known"


def dimension_names(source: Source) -> list[str]:
    """Dimensions of all continuous questions; they are the columns of the trace tables."""
    names = [one["key"] for question in continuous(source) for one in question.dimensions]
    return sorted(set(names))


def continuous(source: Source) -> list[Question]:
    return [question for question in source.questions if question.study.is_continuous(question.key)]


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
            yield {**_answer(question, row), "take": row.take, **_series(traces[row.id], names)}


def _continuous_responses(source: Source) -> Iterator[tuple[Question, Judged]]:
    asked = {question.name: question for question in continuous(source)}
    return ((asked[name], row) for name, row in source.answered.to(asked.keys()))


def _answer(question: Question, row: Judged) -> Row:
    return {
        "item_id": row.item.key,
        "rater_id": row.rater.pseudonym,
        "question": question.name,
        "response_id": row.id,
        "simulated": row.rater.kind == "simulated",
        "excluded": row.excluded,
    }


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
            "item_id": row.item.key,
            "rater_id": row.rater.pseudonym,
            "question": question.name,
            "take": row.take,
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
    return pa.array(values[:, dimensions.index(name)].astype(np.float32), from_pandas=True)


def _longest_run(flags: "np.ndarray[Any, np.dtype[np.bool_]]") -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))


# --- gold ------------------------------------------------------------------------------------------------------


def gold_traces_spec(source: Source) -> TableSpec:
    return gold_traces_table(dimension_names(source))


def gold_raters_spec(source: Source) -> TableSpec:
    return gold_raters_table(dimension_names(source))


def check_fusions(source: Source) -> None:
    """Raise Invalid where the recipe chooses among fusions of a question that has no choice."""
    able = [one.name for one in source.questions if one.study.fusion_of(one.key)]
    for name in fusions_of(source.dataset.recipe):
        if name not in able:
            raise Invalid(
                f"gold.fusion: no question {name!r} has traces of levels; these have: {', '.join(able) or 'none'}",
                code="invalid_recipe",
            )


def is_gold(source: Source, question: Question, method: str) -> bool:
    of_protocol = question.study.fusion_of(question.key)
    return method == fusions_of(source.dataset.recipe).get(question.name, of_protocol or method)


def gold_trace_rows(source: Source) -> Iterator[Row]:
    names = dimension_names(source)
    for key, question, trace in _fused(source):
        values, sd = (unpack(bytes(part), len(trace.dimensions)) for part in (trace.values, trace.sd))
        yield {
            "item_id": key,
            "question": question.name,
            "method": trace.method,
            "gold": is_gold(source, question, trace.method),
            "rate_hz": trace.rate_hz,
            "t0_s": trace.t0_s,
            **{one: _column(values, trace.dimensions, one) for one in names},
            **{f"{one}_sd": _column(sd, trace.dimensions, one) for one in names},
            "n": pa.array(np.frombuffer(bytes(trace.n), dtype="<i4")),
            "reason": trace.reason or None,
        }


def gold_rater_rows(source: Source) -> Iterator[Row]:
    names = dimension_names(source)
    for key, question, trace in _fused(source):
        told = trace.provenance
        lags_s, lags_from = told.get("lags_s"), told.get("lags_from", {})
        for rater in sorted(told["raters"]):
            yield {
                "item_id": key,
                "question": question.name,
                "method": trace.method,
                "rater_id": rater,
                **{f"{one}_weight": trace.weights.get(one, {}).get(rater) for one in names},
                "lag_s": lags_s and lags_s[rater],
                "lag_from": lags_from.get(rater),
                "excluded": LAG_NOT_KNOWN if lags_s and lags_s[rater] is None else None,
            }


def gold_made(source: Source) -> list[Made]:
    """How the gold of every question was made: labels, then traces, of whose fusions the gold comes first."""
    tallies: defaultdict[tuple[str, str], Tally] = defaultdict(Tally)
    asked = {question.name: question for question in continuous(source)}
    for _, question, trace in _fused(source):
        told = not np.isnan(np.frombuffer(bytes(trace.values))).all()
        tallies[question.name, trace.method].add(trace.provenance, is_gold=bool(told))
    traces = (
        tally.made(name, method, gold=is_gold(source, asked[name], method))
        for (name, method), tally in tallies.items()
    )
    in_order = sorted(filter(None, traces), key=lambda one: (one.question, not one.gold, one.method))
    return [*source.labels_made, *in_order]


def _fused(source: Source) -> list[tuple[str, Question, GoldTrace]]:
    """Every gold trace with the key of its item, in the order of a release."""
    made = [
        (question, trace)
        for question in continuous(source)
        for trace in source.computed[question.study.slug].gold_traces
        if trace.question == question.key
    ]
    keys = source.items.keys_of({trace.item_id for _, trace in made})
    found = [(keys[trace.item_id], question, trace) for question, trace in made if trace.item_id in keys]
    return sorted(found, key=lambda one: (one[0], one[1].name, one[2].method))
