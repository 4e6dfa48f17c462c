"""A table with one row per unit and, for each label, how many raters chose it.

Who voted is not in such a file; each vote becomes one answer in a slot of its unit (and condition).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.ratings.contract import OnProblem, RatingFormat, RatingRow
from ingest.ratings.table import BadCellError, Table, header_of, number, open_table, readable

MAX_VOTES = 100_000


@dataclass(frozen=True, kw_only=True)
class ConditionRule:
    """The condition stands at the start of a column's cells, e.g. ``1`` for voice only in ``100001``."""

    column: str
    prefixes: Mapping[str, str]

    def condition(self, cell: str) -> str:
        for prefix, condition in self.prefixes.items():
            if cell.startswith(prefix):
                return condition
        raise BadCellError(self.column, f"{cell!a} begins with none of {', '.join(self.prefixes)}")


@dataclass(frozen=True, kw_only=True)
class VoteCountSpec:
    """``labels`` maps columns to label keys; ``dimension`` is what the votes are about."""

    unit: str
    labels: Mapping[str, str]
    dimension: str = "emotion"
    condition: ConditionRule | None = None
    delimiter: str = ","


class VoteCounts(RatingFormat):
    name = "vote_counts"
    spec_type = VoteCountSpec

    def recognise(self, path: Path) -> bool:
        header = header_of(path)
        return header is not None and len(header) >= 3

    def parse(self, path: Path, spec: VoteCountSpec, on_problem: OnProblem) -> Iterator[RatingRow]:
        for table in open_table(path, spec.delimiter, on_problem):
            yield from _votes(table, spec, on_problem)


def _votes(table: Table, spec: VoteCountSpec, on_problem: OnProblem) -> Iterator[RatingRow]:
    if not spec.labels:
        raise table.unusable("no label column was named")
    unit_at = table.position(spec.unit)
    labels_at = dict(zip(spec.labels, table.positions(list(spec.labels)), strict=True))
    answers = {column: {spec.dimension: label} for column, label in spec.labels.items()}
    rule_at = None if spec.condition is None else table.position(spec.condition.column)
    slots: defaultdict[tuple[str, str | None], int] = defaultdict(int)
    for line, row in table.rows:
        try:
            unit = readable(row[unit_at], spec.unit)
            condition = (
                spec.condition.condition(row[rule_at]) if spec.condition and rule_at is not None else None
            )
            counts = {column: _count(row[at], column) for column, at in labels_at.items()}
        except BadCellError as error:
            on_problem(table.problem(line, error))
            continue
        slot = slots[unit, condition]
        for column, count in counts.items():
            for _ in range(count):
                slot += 1
                yield RatingRow(unit, None, slot, answers[column], condition, line)
        slots[unit, condition] = slot


def _count(cell: str, column: str) -> int:
    if cell.isdecimal() and len(cell) < 6:  # the common case, several times faster
        return int(cell)
    value = number(cell, column)
    if value != int(value) or not 0 <= value <= MAX_VOTES:
        raise BadCellError(column, f"{cell!a} is not a number of votes")
    return int(value)


FORMAT = VoteCounts()
