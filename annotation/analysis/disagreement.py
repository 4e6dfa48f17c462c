"""Where raters disagreed so far that an item goes back to them, by a stated criterion."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean
from typing import Any

from affectory.errors import Invalid
from annotation import questions
from annotation.questions.answers import Answer
from annotation.questions.contract import Cell, Marking

MEASURES = ("share_below", "range_above", "agreement_below")


@dataclass(frozen=True)
class Criterion:
    """When the raters of an item, two at least, disagree.

    ``share_below``: the label that most of them gave was given by a smaller share of them (0..1);
    ``range_above``: highest minus lowest number on some dimension is larger (in the units of the question);
    ``agreement_below``: of a question about marks, their likeness (`Marking.alike`, 0..1) is smaller in the mean over
    the pairs of raters.
    """

    question: str
    measure: str
    limit: float

    @classmethod
    def read(cls, text: str) -> "Criterion":
        """From ``emotion.share_below=0.6``.

        >>> Criterion.read("emotion.share_below=0.6")
        Criterion(question='emotion', measure='share_below', limit=0.6)
        """
        what, _, number = text.partition("=")
        question, _, measure = what.partition(".")
        try:
            limit = float(number)
        except ValueError:
            limit = float("nan")
        if measure not in MEASURES or not limit >= 0:
            known = " or ".join(f"{question or '<question>'}.{one}=<number>" for one in MEASURES)
            raise Invalid(f"{text!r} is no criterion; it would be {known}.", code="invalid_criterion")
        return cls(question, measure, limit)

    def __str__(self) -> str:
        return f"{self.question}.{self.measure}={self.limit:g}"

    def unfit(self, asked: dict[str, Any]) -> str | None:
        """Why no answers to a question can meet it, or None."""
        if self.measure == "agreement_below" and not isinstance(
            questions.question_type(asked["type"]), Marking
        ):
            return f"{self} is for questions about marks; {self.question!r} is of the type {asked['type']!r}."
        return None

    def met(self, asked: dict[str, Any], answers: Sequence[Answer]) -> bool:
        """Whether the raters of one item disagreed."""
        kind = questions.question_type(asked["type"])
        if self.measure == "agreement_below":
            return isinstance(kind, Marking) and self._unlike(kind, asked["options"], answers)
        given = [kind.cells(asked["options"], answer.value) for answer in answers]
        if len(given) < 2:
            return False
        return self._few(given) if self.measure == "share_below" else self._wide(given)

    def _unlike(self, kind: Marking, options: dict[str, Any], answers: Sequence[Answer]) -> bool:
        pairs = [kind.alike(options, first, second) for first, second in combinations(answers, 2)]
        return bool(pairs) and fmean(pairs) < self.limit

    def _few(self, given: Sequence[Sequence[Cell]]) -> bool:
        votes = Counter(label for cells in given for label in {cell.label for cell in cells} - {None})
        return bool(votes) and max(votes.values()) / len(given) < self.limit

    def _wide(self, given: Sequence[Sequence[Cell]]) -> bool:
        numbers: dict[str, list[float]] = {}
        for cell in (cell for cells in given for cell in cells):
            if cell.number is not None:
                numbers.setdefault(cell.dimension, []).append(cell.number)
        return any(max(values) - min(values) > self.limit for values in numbers.values())
