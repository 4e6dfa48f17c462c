"""On which line of a TOML text a key stands. The parser of the standard library checks a text, but tells no lines.

The parser finds the mistakes, so this scanner need not: it only follows tables, arrays of tables, dotted keys, arrays
and inline tables, and steps over texts and comments.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

#: Keys and places in lists, from the outside in: ("questions", 0, "options", "min").
Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""
    (?P<skip>[ \t\r]+|\#[^\n]*)
    | (?P<newline>\n)
    | (?P<text>\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    | (?P<mark>[][{}=,.])
    | (?P<word>[^\s\#\[\]{}=,."']+)
    """,
    re.VERBOSE | re.DOTALL,
)
_Token = tuple[str, str, int]  # kind, text, line


def line_of(lines: Mapping[Path, int], path: Path) -> int | None:
    """Line of ``path``, or of the nearest thing around it where it is missing; None for the whole text.

    >>> lines = {("gold",): 2, ("gold", "min_raters"): 3}
    >>> line_of(lines, ("gold", "min_raters")), line_of(lines, ("gold", "decimals")), line_of(lines, ("name",))
    (3, 2, None)
    """
    known = (path[:length] for length in range(len(path), 0, -1))
    return next((lines[part] for part in known if part in lines), None)


def key_lines(text: str) -> dict[Path, int]:
    """The line, from 1, on which each key and each member of a list begins; none if this scanner loses its way."""
    try:
        return _Scanner(list(_tokens(text))).read()
    except (IndexError, ValueError, RecursionError):
        return {}


def reached_on(line: int, text: str) -> tuple[Path, int]:
    r"""The key that was read when the parser gave up on ``line``, and the line on which the same key stands first.

    >>> reached_on(3, "[gold]\nmin_raters = 2\nmin_raters = 3\n")
    (('gold', 'min_raters'), 2)
    """
    scanner = _Scanner([])
    with suppress(IndexError, ValueError, RecursionError):
        for token in _tokens(text):
            if token[2] > line:
                break
            scanner.tokens.append(token)
    with suppress(IndexError, ValueError, RecursionError):
        scanner.read()
    return scanner.last, scanner.lines.get(scanner.last, line)


def _tokens(text: str) -> Iterator[_Token]:
    line, at = 1, 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f"no token at character {at}")
        kind = str(found.lastgroup)
        if kind != "skip":
            yield kind, found.group(), line
        line += found.group().count("\n")
        at = found.end()
    yield "newline", "\n", line


class _Scanner:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.lines: dict[Path, int] = {}
        self.last: Path = ()  # marked
        self.counts: dict[Path, int] = {}  # members of arrays of tables so far

    def read(self) -> dict[Path, int]:
        table: Path = ()
        while self.at < len(self.tokens):
            if self._next_is("newline"):
                self.at += 1
            elif self._next_is("mark", "["):
                table = self._header()
            else:
                self._pair(table)
        return self.lines

    def _next_is(self, kind: str, text: str | None = None) -> bool:
        found_kind, found, _ = self.tokens[self.at]
        return found_kind == kind and text in {None, found}

    def _take(self, mark: str) -> None:
        if not self._next_is("mark", mark):
            raise ValueError(f"{mark} expected")
        self.at += 1

    def _blank(self) -> None:
        while self._next_is("newline"):
            self.at += 1

    def _mark(self, path: Path, line: int) -> None:
        self.lines.setdefault(path, line)
        self.last = path

    def _header(self) -> Path:
        """``[a.b]`` or ``[[a.b]]``; returns the table that the next lines belong to."""
        line = self.tokens[self.at][2]
        self._take("[")
        member = self._next_is("mark", "[")
        if member:
            self._take("[")
        self.last = path = self._within((), self._key())
        self._take("]")
        if member:
            self._take("]")
            n = self.counts.get(path, 0)
            self.counts[path] = n + 1
            self._mark(path, line)
            path = (*path, n)
        for length in range(1, len(path) + 1):
            self._mark(path[:length], line)
        return path

    def _within(self, table: Path, keys: Sequence[str]) -> Path:
        """The path of these keys; inside an array of tables, that of its last member."""
        path = table
        for place, key in enumerate(keys):
            path = (*path, key)
            if place < len(keys) - 1 and path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def _key(self) -> list[str]:
        keys = [self._key_part()]
        while self._next_is("mark", "."):
            self.at += 1
            keys.append(self._key_part())
        return keys

    def _key_part(self) -> str:
        kind, text, _ = self.tokens[self.at]
        if kind not in {"word", "text"}:
            raise ValueError("a key expected")
        self.at += 1
        return str(tomllib.loads(f"key = {text}")["key"]) if kind == "text" else text

    def _pair(self, table: Path) -> None:
        line = self.tokens[self.at][2]
        keys = self._key()
        for length in range(1, len(keys) + 1):
            self._mark((*table, *keys[:length]), line)
        self._take("=")
        self._value((*table, *keys))

    def _value(self, path: Path) -> None:
        if self._next_is("mark", "["):
            self._list(path)
        elif self._next_is("mark", "{"):
            self._inline_table(path)
        else:  # a text, or a number, which may have a point in it
            self.at += 1
            while self._next_is("word") or self._next_is("mark", "."):
                self.at += 1

    def _list(self, path: Path) -> None:
        self._take("[")
        self._blank()
        place = 0
        while not self._next_is("mark", "]"):
            self._mark((*path, place), self.tokens[self.at][2])
            self._value((*path, place))
            place += 1
            self._comma_before("]")
        self._take("]")

    def _inline_table(self, path: Path) -> None:
        self._take("{")
        self._blank()
        while not self._next_is("mark", "}"):
            self._pair(path)
            self._comma_before("}")
        self._take("}")

    def _comma_before(self, end: str) -> None:
        self._blank()
        if not self._next_is("mark", end):
            self._take(",")
            self._blank()
