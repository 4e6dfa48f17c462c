"""Numbers, CSV and XML as text, the same on every machine."""

import csv
import io
import json
import math
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt

from affectory.release.tables import TRACE_DECIMALS
from affectory.views.contract import Entry

_TIME_DECIMALS = 6


def samples(values: npt.NDArray[Any]) -> list[float | None]:
    """Return the samples of a trace at their true resolution; None where there is none."""
    # + 0.0 turns the negative zero into the positive one.
    exact = np.round(values.astype(np.float64), TRACE_DECIMALS) + 0.0
    return [None if math.isnan(value) else value for value in exact.tolist()]


def times_s(values: npt.NDArray[np.float64]) -> list[float]:
    """Return times in seconds, to the microsecond."""
    return [float(value) for value in np.round(values, _TIME_DECIMALS).tolist()]


def number(value: float | None, missing: str = "") -> str:
    """Return the shortest text of a number: `1` for 1.0, `missing` for None.

    >>> number(0.5), number(1.0), number(None, "n/a")
    ('0.5', '1', 'n/a')
    """
    if value is None:
        return missing
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def csv_entry(
    path: str, header: Sequence[str], rows: Iterable[Sequence[Any]], *, delimiter: str = ","
) -> Entry:
    """Return a CSV file in UTF-8 with line feeds; None is an empty cell, numbers are written by `number`."""
    return Entry(path, csv_text(header, rows, delimiter=delimiter).encode())


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]], *, delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", delimiter=delimiter)
    if header:
        writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def json_entry(path: str, value: Any) -> Entry:
    """Return a JSON file with keys in the order given."""
    return Entry(path, (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode())


def attribute(value: str) -> str:
    """Return a text as it stands in an XML attribute in double quotes."""
    return escape(_printable(value), {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


def element_text(value: str) -> str:
    """Return a text as it stands in an XML element."""
    return escape(_printable(value))


def _printable(value: str) -> str:
    """Leave out the control characters that XML 1.0 has no way to write."""
    return "".join(letter for letter in value if letter >= " " or letter in "\n\t")


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number(value)
    return value
