"""A study as a release sees it: its responses with their verdicts, its traces, and all that follows from them.

Called inside one repeatable-read transaction, all of it tells of one moment.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from affectory.errors import NotFound
from affectory.results import FloatArray
from annotation import questions
from annotation.analysis.responses import Judged, judged_responses
from annotation.analysis.run import Computed, agreement_by_part, compute
from annotation.analysis.series import series_for, unpack
from annotation.models import Study, Trace
from annotation.questions.continuous import ContinuousQuestion
from annotation.questions.contract import AgreementRow, Cell, GoldColumn, Scored, Voted, Worded
from ingest.facade import parts_of

# The other answers that do not count are released with the reason why.
NEVER_RELEASED = ("practice", "withdrawn")


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
    """One study, read only; with ``only`` as if just these responses (by id) had been given."""

    def __init__(self, *, organisation_id: int, slug: str, only: Collection[UUID] | None = None) -> None:
        study = (
            Study.objects.select_related("protocol").filter(organisation=organisation_id, slug=slug).first()
        )
        if study is None:
            raise NotFound(f"There is no study {slug!r}.")
        self._study = study
        self._only = only
        self.slug = slug
        self.title = study.title
        self.document: dict[str, Any] = study.protocol.document
        self._parts = parts_of(study.study_items.values("item"))
        # What is asked about the rater, as a calibration is, labels no item.
        self.questions = {
            question["key"]: question for question in self.document["questions"] if _labels_items(question)
        }

    def compute(self) -> Computed:
        return compute(self._study, self._only)

    def agreement_by_part(
        self, computed: Computed, part_of: Mapping[UUID, str]
    ) -> Iterator[tuple[str, str, AgreementRow]]:
        """(question, part, agreement) over the items of each part."""
        return agreement_by_part(self._study, computed, part_of)

    def responses(self) -> Iterator[Judged]:
        """All answers to the study's items by item key, rater, question; no practice, nobody who withdrew."""
        rows = judged_responses(self._study, self._only)
        return (row for row in rows if row.excluded not in NEVER_RELEASED)

    def is_continuous(self, question: str) -> bool:
        return questions.question_type(self.questions[question]["type"]).continuous

    def dimensions(self, question: str) -> list[dict[str, Any]]:
        """The numbered axes of a scale or a trace; ``min`` and ``max`` are null where an axis has no ends."""
        asked = self.questions[question]
        kind = questions.question_type(asked["type"])
        if isinstance(kind, ContinuousQuestion):
            return kind.dimensions(asked["options"])
        return list(asked["options"].get("dimensions", ()))

    def cells(self, row: Judged) -> list[Cell]:
        asked = self.questions[row.question]
        cells = questions.question_type(asked["type"]).cells(asked["options"], row.value)
        items = {part.name: part.key for part in self._parts.get(row.item, ())}
        return [cell if cell.part is None else _of_item(cell, items[cell.part]) for cell in cells]

    def gold_of(self, question: str) -> tuple[str, Sequence[GoldColumn]] | None:
        """Method of the labels of a question that hold numbers, and which; None where there are none."""
        asked = self.questions[question]
        kind = questions.question_type(asked["type"])
        return kind.gold(asked["options"]) if isinstance(kind, Scored) else None

    def votes_of(self, question: str) -> list[str] | None:
        """What the items' votes are for, in order; None where the question is not voted on."""
        asked = self.questions[question]
        kind = questions.question_type(asked["type"])
        return kind.votes(asked["options"]) if isinstance(kind, Voted) else None

    def synonyms_of(self, question: str) -> dict[str, str] | None:
        """Which word was counted as which other; None where the labels are no words."""
        asked = self.questions[question]
        kind = questions.question_type(asked["type"])
        return kind.synonyms(asked["options"]) if isinstance(kind, Worded) else None

    def trace(self, row: Judged) -> ExportedTrace:
        """The series that a continuous answer points to."""
        asked = self.questions[row.question]
        names = [dimension["key"] for dimension in self.dimensions(row.question)]
        trace = Trace.objects.select_related("series", "item__asset").get(pk=row.value["trace"])
        found = series_for(trace, asked, self.document["gold"]["rate_hz"])
        return ExportedTrace(
            names,
            found.rate_hz,
            found.t0_s,
            found.rule,
            unpack(bytes(found.values), len(names)),
            found.validity,
        )


def _of_item(cell: Cell, key: str) -> Cell:
    """A cell about a part, saying which item that is."""
    if cell.number is None:
        return replace(cell, label=key)
    return replace(cell, dimension=f"{cell.dimension}:{key}")


def _labels_items(question: dict[str, Any]) -> bool:
    kind = questions.question_type(question["type"])
    return not isinstance(kind, ContinuousQuestion) or kind.of_item
