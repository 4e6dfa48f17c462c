"""A study as a release sees it: its responses with their verdicts, its traces, and all that follows from them.

Called inside one repeatable-read transaction, all of it tells of one moment.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from accounts.facade import RaterKind
from affectory.errors import NotFound
from affectory.results import FloatArray
from annotation import questions
from annotation.about_you import asked_about_you, band_of
from annotation.analysis.calibrations import (
    Calibrated,
    Calibration,
    by_rater,
    calibrations_in,
    keep_calibrations,
)
from annotation.analysis.reading import responses_of
from annotation.analysis.responses import Judged, Responses
from annotation.analysis.run import Computed, agreement_by_part, compute
from annotation.analysis.series import chunk_bodies, keep_series, series_for, unpack
from annotation.models import ParticipationState, SelfDescription, Study, Trace, TraceChunk
from annotation.policy.verdicts import verdicts_of
from annotation.questions.continuous import ContinuousQuestion, fusion_of, tells_of_rater
from annotation.questions.contract import (
    AgreementRow,
    Cell,
    GoldColumn,
    GoldRule,
    Marking,
    Scored,
    Voted,
    Worded,
)
from annotation.trace_log import parse_chunk

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


@dataclass(frozen=True)
class ExportedLog:
    """The event log of a trace as it came; lists of one length, a value or media time None where there was none."""

    dimensions: list[str]
    seq: list[int]
    page: list[int]
    event: list[str]
    t_event_us: list[int]
    t_media_us: list[int | None]
    values: list[list[float | None]]


class ExportedStudy:
    """One study, read only; with ``only`` as if just these responses (by id) had been given.

    ``only_calibrations``: the same of raters' calibrations, which are not about items.
    ``rules`` are those of a quality policy (`annotation.policy`). ``verdicts`` (response id -> reason) are what such
    rules said before, and stand instead of what they would say now.
    """

    def __init__(
        self,
        *,
        organisation_id: int,
        slug: str,
        only: Collection[str] | None = None,
        only_calibrations: Collection[str] | None = None,
        rules: Sequence[dict[str, Any]] = (),
        verdicts: Mapping[str, str] | None = None,
    ) -> None:
        study = (
            Study.objects.select_related("protocol", "base")
            .filter(organisation=organisation_id, slug=slug)
            .first()
        )
        if study is None:
            raise NotFound(f"There is no study {slug!r}.")
        self._study = study
        self._only = only
        self._only_calibrations = only_calibrations
        self._rules = rules
        self._known = verdicts
        self.slug = slug
        self.title = study.title
        self.document: dict[str, Any] = study.protocol.document
        # What is asked about the rater, as a calibration is, labels no item.
        self.questions = {
            question["key"]: question
            for question in self.document["questions"]
            if not tells_of_rater(question["type"])
        }

    def fusion_of(self, question: str) -> str | None:
        """Which fusion of a question's traces the protocol takes for the gold; None where there is no choice."""
        return fusion_of(self.questions[question], GoldRule(**self.document["gold"]))

    def keep_series(self) -> None:
        """Store the series that its traces lack. Not for a snapshot, in which they are derived and forgotten."""
        keep_calibrations(self._study)
        for key, question in self.questions.items():
            if self.is_continuous(key):
                traces = (row.value["trace"] for row in self.responses().to(key))
                keep_series(traces, question, self.document["gold"]["rate_hz"])

    def compute(self, gold_rules: Mapping[str, Any] | None = None) -> Computed:
        """Everything that follows from the responses; ``gold_rules`` hold instead of what the protocol says."""
        return compute(
            self._study,
            self._responses,
            gold_rules=gold_rules,
            read_calibrated=lambda: self._calibrated,
        )

    def agreement_by_part(
        self, computed: Computed, part_of: Sequence[str | None]
    ) -> Iterator[tuple[str, str, AgreementRow]]:
        """(question, part, agreement) over the items of each part; ``part_of``: of each item of `responses`."""
        return agreement_by_part(self._study, self._responses, computed, part_of)

    @cached_property
    def _responses(self) -> Responses:
        given = responses_of(self._study, self._only)
        if self._known is None:
            return given.excluding(verdicts_of(self, self._rules, given) if self._rules else {})
        return given.excluding(self._known)

    def responses(self) -> Responses:
        """All answers to the study's items by item key, rater, question; no practice, nobody who withdrew."""
        return self._responses.without(NEVER_RELEASED)

    @property
    def review(self) -> dict[str, Any]:
        """What raters were shown before they answered, and why; empty where they answered by themselves."""
        return {"of": self._study.base.slug, **self._study.review} if self._study.base else {}

    @property
    def about_you(self) -> list[dict[str, Any]]:
        """What raters of this study were asked about themselves."""
        return asked_about_you(self.document)

    def self_descriptions(self) -> dict[str, tuple[str | None, ...]]:
        """What each person said of herself, in the order of `about_you`; None where she would rather not.

        To be published in bands only. Programs in place of people, and whoever withdrew, are not in it.
        """
        rows = SelfDescription.objects.filter(participation__study=self._study)
        people = rows.exclude(participation__rater__kind=RaterKind.SIMULATED).exclude(
            participation__state=ParticipationState.WITHDRAWN
        )
        return {
            pseudonym: tuple(
                None if answers[one["key"]] is None else band_of(one, answers[one["key"]])
                for one in self.about_you
            )
            for pseudonym, answers in people.values_list("participation__rater__pseudonym", "answers")
        }

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
        items = {part.name: part.key for part in row.item.parts}
        return [cell if cell.part is None else _of_item(cell, items[cell.part]) for cell in cells]

    def calibration_r(self, pseudonym: str) -> float | None:
        """How near a rater came to the known curves of her calibrations; None where there are none."""
        known = self._calibrated.get(pseudonym)
        return known.r if known else None

    @property
    def calibrates(self) -> bool:
        """Whether raters of this study are asked to follow a known curve."""
        return len(self.questions) < len(self.document["questions"])

    @cached_property
    def calibrations(self) -> list[Calibration]:
        """All of whoever did not withdraw."""
        return list(calibrations_in(self._study, self._only_calibrations))

    @cached_property
    def _calibrated(self) -> dict[str, Calibrated]:
        return by_rater(self.calibrations)

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

    def marks_method(self, question: str) -> str | None:
        """Method of the labels of a question that are lists of marks; None where they are not."""
        kind = questions.question_type(self.questions[question]["type"])
        return kind.marks_method if isinstance(kind, Marking) else None

    def traces(self, rows: Sequence[Judged]) -> list[ExportedTrace]:
        """The series that continuous answers point to, in their order; all are read at once, so ask for few."""
        of_rows = [row.value["trace"] for row in rows]
        read = Trace.objects.select_related("series")
        found = read.in_bulk([UUID(one) for one in of_rows])
        return [self._series(found[UUID(one)], row.question) for one, row in zip(of_rows, rows, strict=True)]

    def _series(self, trace: Trace, question: str) -> ExportedTrace:
        names = [dimension["key"] for dimension in self.dimensions(question)]
        found = series_for(trace, self.questions[question], self.document["gold"]["rate_hz"])
        return ExportedTrace(
            names,
            found.rate_hz,
            found.t0_s,
            found.rule,
            unpack(bytes(found.values), len(names)),
        )

    @cached_property
    def _recorded(self) -> set[UUID]:
        """The traces that came as event logs."""
        chunks = TraceChunk.objects.filter(trace__study=self._study, orphan=False)
        return set(chunks.values_list("trace", flat=True).distinct())

    def log(self, row: Judged) -> ExportedLog | None:
        """The event log behind a continuous answer; None where it was imported as a series."""
        trace = UUID(row.value["trace"])
        if trace not in self._recorded:
            return None
        names = [dimension["key"] for dimension in self.dimensions(row.question)]
        chunks = [parse_chunk(json.loads(body)) for body in chunk_bodies(trace)]
        pages = list(dict.fromkeys(chunk.page for chunk in chunks))
        events = [(pages.index(chunk.page), event) for chunk in chunks for event in chunk.events]
        values = [event.value or (None,) * len(names) for _, event in events]
        return ExportedLog(
            dimensions=names,
            seq=[event.seq for _, event in events],
            page=[page for page, _ in events],
            event=[event.kind for _, event in events],
            t_event_us=[event.t_event_us for _, event in events],
            t_media_us=[event.t_media_us for _, event in events],
            values=[[value[place] for value in values] for place in range(len(names))],
        )


def _of_item(cell: Cell, key: str) -> Cell:
    """A cell about a part, saying which item that is."""
    if cell.number is None:
        return replace(cell, label=key)
    return replace(cell, dimension=f"{cell.dimension}:{key}")
