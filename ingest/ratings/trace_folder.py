"""A folder of trace files, ``<folder>/<item>.csv``, in one of two layouts.

``columns = "dimensions"``: one folder per rater or perspective, a header with the dimensions, one row per
video frame and no time (OMG-Empathy, VEATIC). ``columns = "raters"``: one folder per dimension, a time column
and then one column per rater (MuSe).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from ingest.ratings.contract import (
    MISSING,
    OnProblem,
    RatingFileError,
    RatingFormat,
    RatingProblem,
    TraceRow,
)
from ingest.ratings.table import BadCellError, Table, header_of, number, open_table

TIME_COLUMNS = ("timestamp", "time", "Time", "t")
MAX_SPACING_ERROR = 0.1
"""A sample may be off its place on the even grid by so much of one step."""


@dataclass(frozen=True, kw_only=True)
class TraceFolderSpec:
    """What the files do not say.

    ``rate_hz`` is needed where there is no time column. ``raters`` and ``perspectives`` are keyed by folder;
    a folder that is not in ``raters`` is a rater of its own name. ``sentinels`` are texts,
    ``sentinel_values`` numbers (e.g. -5) that mean "no label".
    """

    columns: Literal["dimensions", "raters"] = "dimensions"
    rate_hz: float | None = None
    t0_s: float = 0.0
    time_column: str | None = None
    time_unit_s: float = 1.0
    raters: Mapping[str, str] = field(default_factory=dict)
    perspectives: Mapping[str, str] = field(default_factory=dict)
    sentinels: frozenset[str] = MISSING
    sentinel_values: frozenset[float] = frozenset()
    delimiter: str = ","


class TraceFolder(RatingFormat):
    name = "trace_folder"
    spec_type = TraceFolderSpec

    def recognise(self, path: Path) -> bool:
        return path.is_dir() and any(header_of(file) is not None for file in trace_files(path))

    def parse(self, path: Path, spec: TraceFolderSpec, on_problem: OnProblem) -> Iterator[TraceRow]:
        files = list(trace_files(path)) if path.is_dir() else []
        if not files:
            reason = "there are no files <folder>/<item>.csv"
            raise RatingFileError(RatingProblem(path.name, None, None, reason))
        for file in files:
            shown = str(file.relative_to(path))
            try:
                yield from _traces(file, shown, spec, on_problem)
            except RatingFileError as error:  # one unusable file of many: the others go on
                problem = error.problem
                on_problem(RatingProblem(shown, problem.line, problem.column, problem.reason))


def trace_files(folder: Path) -> Iterator[Path]:
    return (
        file
        for file in sorted(folder.glob("*/*.csv"))
        if file.is_file() and not file.is_symlink() and not file.parent.name.startswith(".")
    )


def _traces(file: Path, shown: str, spec: TraceFolderSpec, on_problem: OnProblem) -> Iterator[TraceRow]:
    def report(problem: RatingProblem) -> None:
        on_problem(RatingProblem(shown, problem.line, problem.column, problem.reason))

    for table in open_table(file, spec.delimiter, report, keep_places=True):
        time_column = _time_column(table, spec)
        columns = [name for name in table.header if name != time_column]
        series = _columns(table, spec, time_column, report)
        rate_hz, t0_s = _clock(table, spec, series.pop(time_column) if time_column else None)
        folder = file.parent.name
        for column in columns:
            series[column].setflags(write=False)
            by_rater = spec.columns == "raters"
            yield TraceRow(
                item=file.stem,
                rater=column if by_rater else spec.raters.get(folder, folder),
                perspective=spec.perspectives.get(folder),
                dimension=folder if by_rater else column,
                rate_hz=rate_hz,
                t0_s=t0_s,
                values=series[column],
                file=shown,
            )


def _time_column(table: Table, spec: TraceFolderSpec) -> str | None:
    if spec.time_column is not None:
        table.position(spec.time_column)
        return spec.time_column
    return next((name for name in TIME_COLUMNS if name in table.header), None)


def _columns(
    table: Table, spec: TraceFolderSpec, time_column: str | None, on_problem: OnProblem
) -> dict[str, npt.NDArray[np.float64]]:
    """Read all columns. A bad value is missing, as the samples after it must keep their places."""
    series: dict[str, list[float]] = {name: [] for name in table.header}
    for line, row in table.rows:
        for name, cell in zip(table.header, row, strict=True):
            try:
                series[name].append(_sample(cell, name, spec))
            except BadCellError as error:
                if name == time_column:
                    raise table.unusable(f"{error.reason}, but every sample needs its time", line) from error
                on_problem(table.problem(line, error))
                series[name].append(np.nan)
    if not series[table.header[0]]:
        raise table.unusable("there is a header but no sample", 1)
    return {name: np.array(values) for name, values in series.items()}


def _sample(cell: str, column: str, spec: TraceFolderSpec) -> float:
    if cell.strip() in spec.sentinels:
        return float("nan")
    value = number(cell, column)
    return float("nan") if value in spec.sentinel_values else value


def _clock(table: Table, spec: TraceFolderSpec, times: npt.NDArray[np.float64] | None) -> tuple[float, float]:
    """Give rate and time of the first sample."""
    if times is None:
        if spec.rate_hz is None:
            raise table.unusable("there is no time column, so the rate has to be given")
        return spec.rate_hz, spec.t0_s
    seconds = times * spec.time_unit_s
    if len(seconds) < 2 or not np.all(np.isfinite(seconds)):
        raise table.unusable("fewer than two samples have a time, so there is no rate")
    step_s = float(seconds[-1] - seconds[0]) / (len(seconds) - 1)
    grid = seconds[0] + np.arange(len(seconds)) * step_s
    off = np.abs(seconds - grid) > MAX_SPACING_ERROR * abs(step_s)
    if step_s <= 0 or off.any():
        sample = int(np.argmax(off)) if step_s > 0 else 1
        raise table.unusable(f"the times are not evenly spaced (from {seconds[sample]:g} s on)", sample + 2)
    return 1 / step_s, float(seconds[0])


FORMAT = TraceFolder()
