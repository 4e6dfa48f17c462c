"""An answer in words, for whoever reviews it."""

from collections.abc import Iterator, Mapping
from typing import Any

from annotation import questions
from annotation.questions.contract import Cell, Marking

NAMED = ("labels", "escape", "dimensions", "relations")


def said(question: Mapping[str, Any], value: dict[str, Any]) -> str:
    """What an answer says, with the names that its question gives to labels and dimensions.

    `Anger`; `Valence 2, Arousal 3`; of marks what `Marking.told` says, empty where nothing is marked.
    """
    options, kind = question["options"], questions.question_type(question["type"])
    if isinstance(kind, Marking):
        return kind.told(options, value)
    names = {one["key"]: one["name"] for part in NAMED for one in options.get(part, ())}
    cells = kind.cells(options, value)
    return ", ".join(" ".join(_words(cell, names)) for cell in cells)


def _words(cell: Cell, names: Mapping[str, str]) -> Iterator[str]:
    """A label says itself; a number or a text needs to be told what it is of, where that has a name."""
    if cell.label is not None:
        yield names.get(cell.label, cell.label)
    elif cell.dimension in names:
        yield names[cell.dimension]
    if cell.number is not None:
        yield f"{cell.number:g}"
    if cell.text is not None:
        yield cell.text
