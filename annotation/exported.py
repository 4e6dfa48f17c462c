"""A study as a release sees it: its responses with their verdicts, its traces, and all that follows from them.

Called inside one repeatable-read transaction, all of it tells of one moment.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from affectory.errors import NotFound
from affectory.results import FloatArray
from annotation import questions
from annotation.analysis.responses import Judged, judged_responses
from annotation.analysis.run import Computed, compute
from annotation.analysis.series import chunk_bodies, series_for, unpack
from annotation.models import Study, Trace
from annotation.questions.contract import Cell
from annotation.trace_log import parse_chunk


@dataclass(frozen=True)
class ExportedTrace:
    """A fixed-rate series; ``values``: (samples, dimensions), NaN where not valid."""

    dimensions: list[str]
    rate_hz: float
    t0_s: float
    rule: str
    values: FloatArray
    validity: dict[str, Any]


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

    def compute(self, *, min_raters: int | None = None) -> Computed:
        """Everything that follows from the responses; ``min_raters`` instead of what the protocol says."""
        return compute(self._study, min_raters=min_raters)

    def responses(self) -> Iterator[Judged]:
        """All answers to the study's items but practice, by item key, rater, question."""
        return (row for row in judged_responses(self._study) if row.excluded != "practice")

    def is_continuous(self, question: str) -> bool:
        return questions.question_type(self.questions[question]["type"]).continuous

    def cells(self, row: Judged) -> list[Cell]:
        asked = self.questions[row.question]
        return questions.question_type(asked["type"]).cells(asked["options"], row.value)

    def traces(self, rows: Sequence[Judged]) -> list[ExportedTrace]:
        """The series that continuous answers point to, in their order; all are read at once, so ask for few."""
        of_rows = [row.value["trace"] for row in rows]
        found = Trace.objects.select_related("series", "item__asset").in_bulk([UUID(one) for one in of_rows])
        return [self._series(found[UUID(one)], row.question) for one, row in zip(of_rows, rows, strict=True)]

    def _series(self, trace: Trace, question: str) -> ExportedTrace:
        names = [dimension["key"] for dimension in self.questions[question]["options"]["dimensions"]]
        found = series_for(trace, names, self.document["gold"]["rate_hz"])
        return ExportedTrace(
            names,
            found.rate_hz,
            found.t0_s,
            found.rule,
            unpack(bytes(found.values), len(names)),
            found.validity,
        )

    def log(self, row: Judged) -> ExportedLog | None:
        """The event log behind a continuous answer; None where it was imported as a series."""
        asked = self.questions[row.question]
        names = [dimension["key"] for dimension in asked["options"]["dimensions"]]
        chunks = [parse_chunk(json.loads(body)) for body in chunk_bodies(UUID(row.value["trace"]))]
        if not chunks:
            return None
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
