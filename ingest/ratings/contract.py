"""What every reader of rating files gives: tidy rows, and problems that name their place.

Nothing is corrected, filtered or averaged here: sentinels become missing, everything else stays as given.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

Value = float | str | None
MISSING = frozenset({"", "NA", "NaN", "nan"})


class RatingRow(NamedTuple):
    """One answer by one rater about one unit.

    Where the file has no rater ids `rater` is None, and `slot` says only that it is the n-th answer about
    this unit (from 1): slots of different units with the same number are not the same person.
    """

    unit: str
    rater: str | None
    slot: int
    values: Mapping[str, Value]
    condition: str | None
    line: int


@dataclass(frozen=True, eq=False)
class TraceRow:
    """One rater's evenly sampled trace of one dimension over one item.

    ``values`` has shape (n,), in the units of the file; NaN is missing. Sample i is at t0_s + i / rate_hz.
    """

    item: str
    rater: str
    perspective: str | None
    dimension: str
    rate_hz: float
    t0_s: float
    values: npt.NDArray[np.float64]
    file: str


@dataclass(frozen=True)
class RatingProblem:
    """A place that could not be read; the rest of the file goes on."""

    file: str
    line: int | None
    column: str | None
    reason: str

    def __str__(self) -> str:
        line = "" if self.line is None else f", line {self.line}"
        column = "" if self.column is None else f", column {self.column!r}"
        return f"{self.file}{line}{column}: {self.reason}"


class RatingFileError(Exception):
    """Nothing of this file or folder can be read in this format."""

    def __init__(self, problem: RatingProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


OnProblem = Callable[[RatingProblem], None]


class RatingFormat(Protocol):
    """A format of rating files. A module of this package that has a `FORMAT` is found by the registry."""

    name: str
    spec_type: type[Any]
    """A frozen dataclass of what the file does not say: which column is what, the rate, the sentinels."""

    def recognise(self, path: Path) -> bool:
        """Whether this looks like the format, judged by names and header lines only."""
        ...

    def parse(self, path: Path, spec: Any, on_problem: OnProblem) -> Iterator[RatingRow] | Iterator[TraceRow]:
        """Stream the rows.

        Raises
        ------
        RatingFileError
            When a needed column, or everything, is missing.
        """
        ...
