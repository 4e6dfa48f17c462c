"""A table with one answer per row: a unit, perhaps a rater, and one or more values."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.ratings.contract import MISSING, OnProblem, RatingFormat, RatingRow, Value
from ingest.ratings.table import BadCellError, Table, header_of, number, open_table, readable

Cells = list[str]
ReadCell = Callable[[str], Value]


@dataclass(frozen=True, kw_only=True)
class TidySpec:
    """Which column is what.

    ``numbers`` are read as numbers and checked against ``bounds`` (low, high) where given; ``labels`` are
    kept as text. A cell in ``sentinels`` is missing.
    """

    unit: str
    numbers: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    rater: str | None = None
    condition: str | None = None
    bounds: tuple[float, float] | None = None
    sentinels: frozenset[str] = MISSING
    delimiter: str = ","


class TidyCsv(RatingFormat):
    name = "tidy_csv"
    spec_type = TidySpec

    def recognise(self, path: Path) -> bool:
        header = header_of(path)
        return header is not None and len(header) >= 2

    def parse(self, path: Path, spec: TidySpec, on_problem: OnProblem) -> Iterator[RatingRow]:
        slots: defaultdict[str, int] = defaultdict(int)
        for table in open_table(path, spec.delimiter, on_problem):
            read = _row_reader(table, spec)
            for line, row in table.rows:
                try:
                    unit, rater, values, condition = read(row)
                except BadCellError as error:
                    on_problem(table.problem(line, error))
                    continue
                slots[unit] += 1
                yield RatingRow(unit, rater, slots[unit], values, condition, line)


def _row_reader(
    table: Table, spec: TidySpec
) -> Callable[[Cells], tuple[str, str | None, dict[str, Value], str | None]]:
    if not spec.numbers and not spec.labels:
        raise table.unusable("no value column was named")
    unit_at = table.position(spec.unit)
    rater_at = None if spec.rater is None else table.position(spec.rater)
    condition_at = None if spec.condition is None else table.position(spec.condition)
    cells: list[tuple[str, int, ReadCell]] = [
        *((column, table.position(column), _number_reader(column, spec)) for column in spec.numbers),
        *((column, table.position(column), _label_reader(column, spec)) for column in spec.labels),
    ]

    def read(row: Cells) -> tuple[str, str | None, dict[str, Value], str | None]:
        unit = readable(row[unit_at], spec.unit)
        rater = None if rater_at is None else readable(row[rater_at], spec.rater or "")
        condition = None if condition_at is None else readable(row[condition_at], spec.condition or "")
        return unit, rater, {column: read_cell(row[at]) for column, at, read_cell in cells}, condition

    return read


def _number_reader(column: str, spec: TidySpec) -> ReadCell:
    def read(cell: str) -> float | None:
        if cell.strip() in spec.sentinels:
            return None
        value = number(cell, column)
        if spec.bounds is not None and not spec.bounds[0] <= value <= spec.bounds[1]:
            low, high = spec.bounds
            raise BadCellError(column, f"{value:g} is outside of {low:g} to {high:g}")
        return value

    return read


def _label_reader(column: str, spec: TidySpec) -> ReadCell:
    return lambda cell: None if cell.strip() in spec.sentinels else readable(cell, column)


FORMAT = TidyCsv()
