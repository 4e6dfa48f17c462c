"""What is wrong with the text of a protocol, told by line, key and reason."""

import math
import re
from collections.abc import Iterator
from typing import Any

from affectory.errors import Invalid
from annotation.strict import Path, written
from annotation.toml_lines import reached_on

MAX_NUMBER = 2**53  # what pages can count
_TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_TWICE = re.compile("overwrite|twice|Duplicate", re.IGNORECASE)

#: ``{line, key, reason}``; line null: of the whole text.
Mistake = dict[str, Any]


def not_toml(error: Exception, text: str) -> Mistake:
    """The parser tells a line, or that the text ended too early; the key is the last one that was read until then."""
    found = _TOML_LINE.search(str(error))
    line = int(found[1]) if found else max(1, len(text.splitlines()))
    key, first = reached_on(line, text)
    twice = f" It stands on line {first} already." if first < line and _TWICE.search(str(error)) else ""
    return mistake(line, key, f"This is not TOML: {error}.{twice}")


def mistake(line: int | None, at: Path, reason: str) -> Mistake:
    return {"line": line, "key": written(at), "reason": reason}


def refused(name: str, wrong: list[Mistake]) -> Invalid:
    reasons = " ".join(f"{_place(one)}: {one['reason']}".removeprefix(": ") for one in wrong)
    return Invalid(f"{name}: {reasons}", code="invalid_protocol", details={"errors": wrong})


def unstorable(value: Any, at: Path = ()) -> Iterator[tuple[Path, str]]:
    """What TOML has and a stored document cannot have."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from unstorable(inner, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from unstorable(inner, (*at, index))
    elif isinstance(value, str):
        if "\0" in value:
            yield at, "must not hold the character NUL."
    elif not isinstance(value, int | float):
        yield at, "must not be a date or a time; write it as a text."
    elif not math.isfinite(value):
        yield at, "must be a finite number."
    elif abs(value) > MAX_NUMBER:
        yield at, "is too large a number."


def _place(wrong: Mistake) -> str:
    line = "" if wrong["line"] is None else f"line {wrong['line']}"
    return ", ".join(part for part in (line, wrong["key"]) if part)
