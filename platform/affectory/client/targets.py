"""What the targets of a training set are in a release: columns of a table, or dimensions of traces."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from affectory.client.errors import UsageError
from affectory.client.traces import Trace, Traces

ANSWERS = "annotations"
_TRACES, _GOLD_TRACES = _OF_TRACES = ("traces", "gold_traces")
_NUMBERS = frozenset({"int", "float", "bool", "list<int>", "list<float>", "list<bool>"})


@dataclass(frozen=True)
class Targets:
    """`names` are columns of `table` (of `answer_rows` for single answers), or dimensions where it is one of traces."""

    table: str
    names: tuple[str, ...]

    @property
    def are_traces(self) -> bool:
        return self.table in _OF_TRACES

    @property
    def are_gold(self) -> bool:
        return self.table == _GOLD_TRACES


def places(table: str, *, rater: str | None, method: str | None, moments: bool) -> tuple[str, ...]:
    """Return the tables to look in, in order: the items stand for all that is known of them, others for themselves.

    A `rater` leads to what she answered and to her traces; a `method` of fusing and single `moments` to traces.
    """
    if rater is not None and table not in {"items", ANSWERS, _TRACES}:
        raise UsageError(
            f"{table} are of no single rater", f"leave rater away, or load the table {ANSWERS!r}"
        )
    if table != "items":
        return (table,)
    if rater is not None:
        return (_TRACES,) if moments else (ANSWERS, _TRACES)
    if method is not None:
        return (_GOLD_TRACES,)
    return (_GOLD_TRACES, _TRACES) if moments else (table, _GOLD_TRACES, _TRACES)


def find_targets(
    ref: str, asked: Sequence[str], *, among: Mapping[str, Mapping[str, str]], question: str | None = None
) -> Targets:
    """Find the first table that has all that is asked for: columns, those of one question by dimension, or dimensions.

    `among` are the tables to look in, in order: their columns with the kinds of their values. What is not there, or of
    several questions, raises `UsageError` with the choices.
    """
    wanted = (asked,) if isinstance(asked, str) else tuple(asked)
    for table, kinds in among.items() if wanted else ():
        if table not in _OF_TRACES:
            columns = _columns(kinds, wanted, question)
        else:
            columns = wanted if set(wanted) <= set(_numbers(table, kinds)) else None
        if columns is not None:
            return Targets(table, columns)
    told = [f"{table} have: {', '.join(_numbers(table, kinds))}" for table, kinds in among.items()]
    of = f" of {question!r}" if question else ""
    raise UsageError(
        f"{ref} has no target {' with '.join(wanted)}{of}" if wanted else "no target is named",
        "; ".join(told) or "it has none of the tables that could have it; see: affectory show",
    )


def only_fitting(traces: Traces, targets: Targets) -> Traces:
    """Keep the traces that have all dimensions. They must be of one question and, where gold, of one method."""
    fitting = [trace for trace in traces if trace.has(targets.names)]
    questions = sorted({trace.question for trace in fitting})
    if len(questions) > 1:
        raise UsageError(
            f"traces of several questions have {' and '.join(targets.names)}: {', '.join(questions)}",
            f"choose with: question={questions[0]!r}",
        )
    return Traces(_of_one_method(fitting))


def _of_one_method(traces: Sequence[Trace]) -> Sequence[Trace]:
    methods = sorted({trace.method for trace in traces if trace.method is not None})
    if len(methods) < 2:
        return traces
    gold = [trace for trace in traces if trace.is_gold]
    if not gold:
        raise UsageError(
            f"gold traces were fused in several ways: {', '.join(methods)}",
            f"choose with: method={methods[0]!r}",
        )
    return gold


def _columns(kinds: Mapping[str, str], wanted: Sequence[str], question: str | None) -> tuple[str, ...] | None:
    """Return the columns that `wanted` means; None: at least one is not there."""
    dimensions = [name for name in wanted if name not in kinds]
    if not dimensions:
        _check_numbers(kinds, wanted)
        return tuple(wanted)
    having = [
        one
        for one in _questions(kinds, dimensions[0])
        if question in {None, one} and all(kinds.get(f"{one}_{name}") in _NUMBERS for name in dimensions)
    ]
    if len(having) > 1:
        columns = ", ".join(f"{one}_{name}" for one in having for name in dimensions)
        raise UsageError(
            f"several questions have {' and '.join(dimensions)}: {', '.join(having)}",
            f"choose with question={having[0]!r}, or name the columns: {columns}",
        )
    if not having:
        return None
    return tuple(f"{having[0]}_{name}" if name in dimensions else name for name in wanted)


def _questions(kinds: Mapping[str, str], dimension: str) -> Iterator[str]:
    """Give what stands before `_<dimension>` in the names of columns: the questions that may have it."""
    return (name.removesuffix(f"_{dimension}") for name in kinds if name.endswith(f"_{dimension}"))


def _check_numbers(kinds: Mapping[str, str], columns: Sequence[str]) -> None:
    for name in columns:
        if kinds[name] not in _NUMBERS:
            there = [column for column, kind in kinds.items() if kind in _NUMBERS]
            raise UsageError(
                f"column {name!r} holds {kinds[name]}, no numbers", f"these do: {', '.join(there)}"
            )


def _numbers(table: str, kinds: Mapping[str, str]) -> list[str]:
    """Return the columns that can be targets; of traces, the dimensions."""
    if table in _OF_TRACES:
        return [name for name, kind in kinds.items() if kind == "list<float>" and not name.endswith("_sd")]
    return [name for name, kind in kinds.items() if kind in _NUMBERS]
