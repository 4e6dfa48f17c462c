"""What a view is: one file in this package with a ``VIEW``."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from affectory.client.errors import ClientError, UsageError

if TYPE_CHECKING:
    from affectory.views.source import Source

MEDIA = "media"


class ViewRefusedError(ClientError):
    """The release does not hold what the format needs, or more than it can hold."""


@dataclass(frozen=True)
class Option:
    """A choice that the format leaves open. An empty `default` means that the view works it out."""

    name: str
    help: str
    default: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Options:
    """The chosen options of one rendering, as text; the readers below say which option is wrong."""

    values: Mapping[str, str]

    def text(self, name: str) -> str:
        return self.values[name]

    def names(self, name: str) -> tuple[str, ...]:
        """Read names with commas between them."""
        return tuple(part.strip() for part in self.values[name].split(",") if part.strip())

    def flag(self, name: str) -> bool:
        """Read an option with the choices yes and no."""
        return self.values[name] == "yes"

    def whole(self, name: str) -> int:
        number = self.positive(name)
        if number is None or number != int(number):
            raise UsageError(f"option {name}: {self.values[name]!r} is not a whole number of at least 1")
        return int(number)

    def positive(self, name: str) -> float | None:
        """Read a number above 0; None when nothing was chosen."""
        text = self.values[name]
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = 0.0
        if not 0 < number < float("inf"):
            raise UsageError(f"option {name}: {text!r} is not a number above 0")
        return number


@dataclass(frozen=True)
class Entry:
    """One file of the layout: its path inside the target, and its bytes, pieces of them, or a file to link."""

    path: str
    content: bytes | Iterable[bytes] | Path


@dataclass(frozen=True)
class View:
    """A format.

    Attributes
    ----------
    name : str
        What is typed: ``affectory export <name>``.
    summary, loses, opened_by : str
        What is written, what of the release is not in it, the tool that reads it.
    needs : tuple of str
        Tables with rows that the release must have, and `MEDIA` for media files.
    options : tuple of Option
    render : callable
        Gives the files, sorted, from nothing but the release and the options. Raises `ViewRefusedError`.
    """

    name: str
    summary: str
    loses: str
    opened_by: str
    render: Callable[["Source", Options], Iterator[Entry]]
    needs: tuple[str, ...] = ()
    options: tuple[Option, ...] = field(default_factory=tuple)

    def chosen(self, given: Mapping[str, str]) -> Options:
        """Return the options with their defaults; refuse what the format does not know."""
        known = {option.name: option for option in self.options}
        for name, value in given.items():
            if name not in known:
                there = ", ".join(known) or "none"
                raise UsageError(f"format {self.name} has no option {name!r}", f"it has: {there}")
            if known[name].choices and value not in known[name].choices:
                raise UsageError(
                    f"option {name}: {value!r} is none of its values",
                    f"choose from: {', '.join(known[name].choices)}",
                )
        return Options({name: given.get(name, option.default) for name, option in known.items()})


QUESTION = Option("question", "key of the continuous question, where there are several")
METHOD = Option(
    "method", "fusion method of the gold traces, where there are several (the one that is the gold)"
)
