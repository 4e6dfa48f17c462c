"""A study as a release sees it: its responses with their verdicts, its traces, and all that follows from them.

Called inside one repeatable-read transaction, all of it tells of one moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from affectory.errors import NotFound
from affectory.results import FloatArray
from annotation import questions
from annotation.analysis.responses import Judged, judged_responses
from annotation.analysis.run import Computed, compute
from annotation.analysis.series import series_for, unpack
from annotation.models import Study, Trace
from annotation.questions.contract import Cell, Marking


@dataclass(frozen=True)
class ExportedTrace:
    """A fixed-rate series; ``values``: (samples, dimensions), NaN where not valid."""

    dimensions: list[str]
    rate_hz: float
    t0_s: float
    rule: str
    values: FloatArray
    validity: dict[str, Any]


class ExportedStudy:
    """One study, read only."""

    def __init__(self, *, organisation_id: int, slug: str) -> None:
        study = (
            Study.objects.select_related("protocol").filter(organisation=organisation_id, slug=slug).first()
        )
        if study is None:
            raise NotFound(f"There is no study {slug!r}.")
        self._study = study
        self.slug = slug
        self.title = study.title
        self.document: dict[str, Any] = study.protocol.document
        self.questions = {question["key"]: question for question in self.document["questions"]}

    def compute(self) -> Computed:
        return compute(self._study)

    def responses(self) -> Iterator[Judged]:
        """All answers to the study's items but practice, by item key, rater, question."""
        return (row for row in judged_responses(self._study) if row.excluded != "practice")

    def is_continuous(self, question: str) -> bool:
        return questions.question_type(self.questions[question]["type"]).continuous

    def cells(self, row: Judged) -> list[Cell]:
        asked = self.questions[row.question]
        return questions.question_type(asked["type"]).cells(asked["options"], row.value)

    def marks_method(self, question: str) -> str | None:
        """Method of the labels of a question that are lists of marks; None where they are not."""
        kind = questions.question_type(self.questions[question]["type"])
        return kind.marks_method if isinstance(kind, Marking) else None

    def trace(self, row: Judged) -> ExportedTrace:
        """The series that a continuous answer points to."""
        asked = self.questions[row.question]
        names = [dimension["key"] for dimension in asked["options"]["dimensions"]]
        trace = Trace.objects.select_related("series", "item__asset").get(pk=row.value["trace"])
        found = series_for(trace, names, self.document["gold"]["rate_hz"])
        return ExportedTrace(
            names,
            found.rate_hz,
            found.t0_s,
            found.rule,
            unpack(bytes(found.values), len(names)),
            found.validity,
        )
