"""Every benchmark, and at the end one table of all that they measured.

python scripts/bench.py [NAME ...]

Each file of benchmarks/ writes rows of {name, value, unit, baseline, ratio, goal, met}; NAMEs choose some of them. One
that fails is named below the table.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
Row = dict[str, Any]
HEADER = ("benchmark", "name", "value", "unit", "baseline", "ratio", "goal", "met")
MET = {True: "yes", False: "NO", None: ""}


def rows_of(name: str) -> list[Row] | None:
    """Run a benchmark, which prints as it goes; None where it fails."""
    with tempfile.TemporaryDirectory(prefix="affectory-bench-") as folder:
        file = Path(folder) / "rows.json"
        _say(f"== {name}")
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}", "--json", str(file)], cwd=REPOSITORY, check=False
        )
        if done.returncode or not file.exists():
            return None
        rows: list[Row] = json.loads(file.read_text())
        return rows


def lines(rows: list[tuple[str, Row]]) -> Iterator[str]:
    """The table as text, its columns as wide as what is in them."""
    cells = [HEADER, *((benchmark, *_cells(row)) for benchmark, row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for one in cells:
        yield "  ".join(
            cell.rjust(width) if title in {"value", "baseline", "ratio", "goal"} else cell.ljust(width)
            for cell, width, title in zip(one, widths, HEADER, strict=True)
        ).rstrip()


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.3g}x"
    return (
        row["name"], _number(row["value"]), row["unit"], _number(row["baseline"]), ratio, row["goal"] or "",
        MET[row["met"]],
    )  # fmt: skip


def _number(value: float | str | None) -> str:
    return "" if value is None else value if isinstance(value, str) else f"{value:.4g}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    known = sorted(path.stem for path in (REPOSITORY / "benchmarks").glob("[a-z]*.py"))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="*", help=f"some of {', '.join(known)}; left out: all")
    names = parser.parse_args().name or known
    unknown = [name for name in names if name not in known]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are {', '.join(known)}")
    found = {name: rows_of(name) for name in names}
    _say(
        f"\nload of the machine over 1, 5 and 15 minutes: {' '.join(f'{one:.1f}' for one in os.getloadavg())}\n"
    )
    for line in lines([(name, row) for name, rows in found.items() for row in rows or ()]):
        _say(line)
    failed = [name for name, rows in found.items() if rows is None]
    if failed:
        _say(f"\nfailed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
