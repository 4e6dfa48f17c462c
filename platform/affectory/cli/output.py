"""How commands print: results to stdout (a table or one JSON document), everything else to stderr."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from affectory.client.errors import Exit


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def print_json(result: Any) -> None:
    say(json.dumps(result, indent=1, ensure_ascii=False))


def print_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Print rows under their column names; numbers to the right."""
    cells = [[_cell(row.get(column)) for column in columns] for row in rows]
    widths = [max(len(text) for text in column) for column in zip(columns, *cells, strict=True)]
    numeric = [_is_numeric([row.get(column) for row in rows]) for column in columns]
    for line in [list(columns), *cells]:
        padded = [
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(line, widths, numeric, strict=True)
        ]
        say("  ".join(padded).rstrip())


def note(text: str, *, quiet: bool = False) -> None:
    if not quiet:
        sys.stderr.write(f"{text}\n")


def report_error(message: str, hint: str, exit_code: Exit, *, as_json: bool) -> int:
    """Print an error where its reader looks, and return the exit code."""
    if as_json:
        print_json({"error": {"code": exit_code.name.lower(), "message": message, "hint": hint}})
    else:
        note(f"error: {message}")
        if hint:
            note(f"  {hint}")
    return exit_code


def progress_bar(label: str, *, quiet: bool) -> Callable[[int], Callable[[int], None]] | None:
    """Return a reporter for downloads: a bar on a terminal, nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        return None

    def start(total: int) -> Callable[[int], None]:
        from tqdm import tqdm  # noqa: PLC0415

        bar = tqdm(total=total, desc=label, unit="B", unit_scale=True, unit_divisor=1000, file=sys.stderr)

        def advance(count: int) -> None:
            bar.update(count)
            if bar.n >= total:
                bar.close()

        return advance

    return start


@contextmanager
def file_counter(label: str, *, quiet: bool) -> Iterator[Callable[[int], None] | None]:
    """Give what is told the bytes of each file that is done: a running count on a terminal, nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm  # noqa: PLC0415

    with tqdm(desc=label, unit="B", unit_scale=True, unit_divisor=1000, file=sys.stderr, leave=False) as bar:

        def advance(count: int) -> None:
            bar.update(count)

        yield advance


def human_bytes(count: int) -> str:
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def _is_numeric(values: Sequence[Any]) -> bool:
    present = [value for value in values if value is not None]
    return bool(present) and all(isinstance(value, int | float) for value in present)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
