"""Reading a delimited table row by row, with every complaint named by line and column."""

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.ratings.contract import OnProblem, RatingFileError, RatingProblem

if TYPE_CHECKING:
    import _csv

MAX_FIELD_CHARACTERS = 1_000_000


class BadCellError(Exception):
    """A cell that cannot be used; becomes a `RatingProblem` with its line."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


@dataclass
class Table:
    """An open table: its header and the rows under it."""

    path: Path
    header: list[str]
    rows: Iterator[tuple[int, list[str]]]

    def position(self, column: str) -> int:
        if column not in self.header:
            raise self.unusable(
                f"there is no column {column!r}; the header is {', '.join(map(repr, self.header))}", 1
            )
        return self.header.index(column)

    def positions(self, columns: Sequence[str]) -> list[int]:
        return [self.position(column) for column in columns]

    def unusable(self, reason: str, line: int | None = None) -> RatingFileError:
        return RatingFileError(RatingProblem(self.path.name, line, None, reason))

    def problem(self, line: int, error: BadCellError) -> RatingProblem:
        return RatingProblem(self.path.name, line, error.column, error.reason)


def open_table(
    path: Path, delimiter: str, on_problem: OnProblem, *, keep_places: bool = False
) -> Iterator[Table]:
    """Yield the table once and close the file behind it; for use in a ``for`` of a generator.

    A row that cannot be split is reported and left out, or with ``keep_places`` (where the row number is the
    time) given as empty cells.
    """
    # Bytes that are no UTF-8 are carried as surrogates, so that one bad cell does not end the file.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        csv.field_size_limit(MAX_FIELD_CHARACTERS)
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        try:
            header = [name.strip() for name in next(reader)]
        except (StopIteration, csv.Error) as error:
            reason = "the file is empty" if isinstance(error, StopIteration) else str(error)
            raise RatingFileError(RatingProblem(path.name, 1, None, reason)) from error
        table = Table(path, header, iter(()))
        if len(set(header)) < len(header):
            repeated = next(name for name in header if header.count(name) > 1)
            raise table.unusable(f"the column {repeated!r} occurs more than once", 1)
        rows = _rows(reader, table, on_problem)
        table.rows = (
            _in_place(rows, len(header)) if keep_places else ((line, row) for line, row in rows if row)
        )
        yield table


Rows = Iterator[tuple[int, list[str]]]


def _rows(reader: "_csv.Reader", table: Table, on_problem: OnProblem) -> Rows:
    """Give every row; one that is blank or cannot be split is given as an empty list."""
    width = len(table.header)
    while True:
        try:
            for row in reader:
                if row and len(row) != width:
                    reason = f"{len(row)} cells where the header has {width}"
                    on_problem(RatingProblem(table.path.name, reader.line_num, None, reason))
                yield reader.line_num, row if len(row) == width else []
        except csv.Error as error:
            on_problem(RatingProblem(table.path.name, reader.line_num, None, str(error)))
            yield reader.line_num, []
        else:
            return


def _in_place(rows: Rows, width: int) -> Rows:
    """Give empty cells for an empty row, except at the end of the file."""
    waiting: list[int] = []
    for line, row in rows:
        if not row:
            waiting.append(line)
            continue
        for empty in waiting:
            yield empty, [""] * width
        waiting.clear()
        yield line, row


def readable(cell: str, column: str) -> str:
    """Give a name or label without white space around it."""
    text = cell.strip()
    if not text:
        raise BadCellError(column, "is empty")
    if not text.isprintable():  # surrogates of broken UTF-8 too
        raise BadCellError(column, f"{text!a} holds bytes that are not UTF-8, or control characters")
    return text


def number(cell: str, column: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadCellError(column, f"{cell!a} is not a number")
    return value


def header_of(path: Path, delimiter: str = ",") -> list[str] | None:
    """Peek at the first line; None where there is no table."""
    if not path.is_file():
        return None
    for table in _quietly_opened(path, delimiter):
        return table.header
    return None


def _quietly_opened(path: Path, delimiter: str) -> Iterator[Table]:
    try:
        yield from open_table(path, delimiter, lambda _problem: None)
    except RatingFileError:
        return
