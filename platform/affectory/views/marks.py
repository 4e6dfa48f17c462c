"""What was marked in an item: segments of its time, action units, boxes, spans of its text.

A release keeps a mark as cells such as `segment.000.start_s`, and the gold ones as JSON in `<question>_marks`. Here
they are read back, so that tools are shown intervals instead of a `start_s` that holds all the time.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from affectory.views.answers import Answer
from affectory.views.texts import number

GOLD = "gold"
_CELL = re.compile(r"(segment|unit|box|span|relation)\.(\d+)\.(.+)")

Detail = float | str


@dataclass(frozen=True)
class Mark:
    """One mark.

    Attributes
    ----------
    label : str
        What was marked.
    start_s, end_s : float or None
        Seconds from the beginning of the item; equal at a moment. Without a start it is not in time and holds for
        the whole item, without an end it goes on to the end of the item.
    details : mapping
        What else was said of it, such as the attributes of a segment, `apex_s`, or the `share` of raters of gold.
    """

    label: str
    start_s: float | None
    end_s: float | None
    details: Mapping[str, Detail]

    def interval_s(self, duration_s: float | None) -> tuple[float, float] | None:
        """Return start and end in an item of this length; None where nothing tells them."""
        start_s = self.start_s or 0.0
        end_s = duration_s if self.end_s is None else self.end_s
        if end_s is None:
            return None if self.start_s is None else (start_s, start_s)
        return start_s, max(start_s, end_s)


@dataclass(frozen=True)
class Marking:
    """All that one rater, or the gold, marked in an item for one question. Without marks: looked, and saw nothing."""

    item_id: str
    rater_id: str | None
    question: str
    marks: tuple[Mark, ...]

    @property
    def who(self) -> str:
        return GOLD if self.rater_id is None else self.rater_id


@dataclass(frozen=True)
class _Fields:
    """How a kind of mark calls its label and its times; `moment` is its time where it has neither start nor end."""

    label: str = "label"
    start: str = ""
    end: str = ""
    moment: str = ""


_KINDS = {
    "segment": _Fields(start="start_s", end="end_s"),
    "unit": _Fields("unit", "onset_s", "offset_s", "apex_s"),
    "box": _Fields(moment="at_s"),
    "span": _Fields(),
    "relation": _Fields("relation"),
}


def marked_questions(answers: Iterable[Answer]) -> set[str]:
    """Return the questions whose answers are marks, as far as anybody marked something."""
    return {answer.question for answer in answers if _CELL.fullmatch(answer.dimension)}


def read_marks(answers: Iterable[Answer]) -> Iterator[Marking]:
    """Give what raters marked, from the cells of questions that ask for marks."""
    by_response: dict[tuple[str, str, str, str], dict[tuple[str, int], dict[str, Detail]]] = {}
    for answer in answers:
        key = (answer.item_id, answer.rater_id, answer.question, answer.response_id)
        cells = by_response.setdefault(key, {})
        # The other cell of an answer is how many marks there are.
        if matched := _CELL.fullmatch(answer.dimension):
            cells.setdefault((matched[1], int(matched[2])), {})[matched[3]] = answer.value
    for (item_id, rater_id, question, _), cells in by_response.items():
        marks = tuple(_mark(_KINDS[kind], told) for (kind, _), told in sorted(cells.items()))
        yield Marking(item_id, rater_id, question, marks)


def read_gold_marks(item_id: str, question: str, text: str) -> Marking:
    """Return the gold marks of an item, from the JSON list in its column; no tool takes a place without a label."""
    told: Sequence[Mapping[str, Any]] = json.loads(text)
    marks = (_mark(_KINDS[_kind(one)], one) for one in told if one.get("label", "") is not None)
    return Marking(item_id, None, question, tuple(marks))


def _kind(gold: Mapping[str, Any]) -> str:
    if "unit" in gold:
        return "unit"
    return "box" if "width" in gold else "segment"


def labels_of(markings: Iterable[Marking]) -> dict[str, tuple[str, ...]]:
    """Return the labels that were marked for each question, sorted."""
    found: dict[str, set[str]] = {}
    for marking in markings:
        found.setdefault(marking.question, set()).update(mark.label for mark in marking.marks)
    return {question: tuple(sorted(labels)) for question, labels in sorted(found.items())}


def _mark(fields: _Fields, told: Mapping[str, Any]) -> Mark:
    rest = {name: _detail(value) for name, value in told.items()}
    label = rest.pop(fields.label)
    start, end = rest.pop(fields.start, None), rest.pop(fields.end, None)
    if start is None and fields.moment in rest:
        start = end = rest.pop(fields.moment)
    return Mark(str(label), _seconds(start), _seconds(end), rest)


def _detail(value: Any) -> Detail:
    """Return a number or a text; counts, such as how many gave which intensity, become `B:2 C:1`."""
    if isinstance(value, Mapping):
        return " ".join(f"{name}:{count}" for name, count in sorted(value.items()))
    return value if isinstance(value, str) else float(value)


def _seconds(value: Detail | None) -> float | None:
    return None if value is None else float(value)


def text_of(value: Detail) -> str:
    return value if isinstance(value, str) else number(value)
