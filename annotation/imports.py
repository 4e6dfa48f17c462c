"""Ratings that were collected elsewhere become a study like any other: items, raters, responses, traces.

All of a file appears together or not at all, and importing the same file again adds nothing.
"""

import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from django.db import connection, transaction

from accounts.facade import Organisation, Rater, imported_rater
from affectory import __version__
from affectory.errors import Invalid
from annotation import questions
from annotation.models import Response, Study, Trace, TraceSeries, TraceState
from annotation.protocol import preset
from annotation.services.analyses import request_analysis
from annotation.services.studies import create_study
from audit.facade import record
from ingest.facade import (
    Corpus,
    Item,
    PublishedRatings,
    RatingFileError,
    RatingProblem,
    RatingRow,
    TraceRow,
    rating_formats,
    save_collection,
)
from storage.facade import put

BATCH = 5000
KIND_OF_CONDITION = {"audio-only": "audio", "video-only": "video", "audio-visual": "video", "text": "text"}
OnProgress = Callable[[str, int], None]


@dataclass(frozen=True)
class Imported:
    study: Study
    responses: int
    problems: list[RatingProblem]


@dataclass
class _Import:
    """What an import knows while it runs; items and raters are found or made once."""

    organisation: Organisation
    corpus: Corpus
    name: str
    document: dict[str, Any]
    groups: re.Pattern[str] | None
    items: dict[str, Item] = field(default_factory=dict)
    raters: dict[str, Rater] = field(default_factory=dict)

    @property
    def question(self) -> dict[str, Any]:
        question: dict[str, Any] = self.document["questions"][0]
        return question

    def item(self, unit: str, condition: str | None) -> Item:
        key = unit if condition is None else f"{unit}:{condition}"
        if key not in self.items:
            found = self.groups.search(unit) if self.groups else None
            self.items[key] = Item(
                id=uuid.uuid5(uuid.NAMESPACE_URL, f"{self.organisation.pk}/{self.corpus.name}/{key}"),
                corpus=self.corpus,
                key=key,
                kind=KIND_OF_CONDITION.get(condition or "", self.document["item_kinds"][0]),
                title=unit,
                condition=condition or "",
                groups=found.groupdict() if found else {},
            )
        return self.items[key]

    def rater(self, name: str, *, slot: bool = False, known_elsewhere: bool = False) -> Rater:
        if name not in self.raters:
            self.raters[name] = imported_rater(
                organisation=self.organisation,
                study=self.name,
                name=name,
                slot=slot,
                hide_name=known_elsewhere,
            )
        return self.raters[name]


def import_ratings(
    *, path: Path, like: PublishedRatings, protocol: str, corpus: str, study: str, organisation: Organisation,
    requested_by: str, on_progress: OnProgress = lambda _what, _n: None,
) -> Imported:  # fmt: skip
    """Read a file or folder of ratings into a study, and have it analysed."""
    problems: list[RatingProblem] = []
    try:
        rows: list[RatingRow | TraceRow] = list(
            rating_formats()[like.format].parse(path, like.spec, problems.append)
        )
    except RatingFileError as error:
        raise Invalid(str(error), code="rating_file") from error
    if not rows:
        raise Invalid(f"{path.name} holds no ratings that can be read.", code="rating_file")
    on_progress("ratings read", len(rows))
    sources = [(shown, put(file).sha256) for shown, file in _files(path)]
    with transaction.atomic():
        target, _ = Corpus.objects.get_or_create(
            organisation=organisation, name=corpus, defaults={"title": corpus, "source": "imported ratings"}
        )
        document = preset(protocol)
        groups = re.compile(like.groups) if like.groups else None
        running = _Import(organisation, target, study, document, groups)
        made = list(_responses(running, rows))
        Item.objects.bulk_create(running.items.values(), batch_size=BATCH, ignore_conflicts=True)
        on_progress("items", len(running.items))
        row = _study(running, requested_by)
        stored = _store(row, made, on_progress)
        _refresh_statistics()
        record(
            actor=requested_by, action="imported", subject=f"study:{study}",
            files=sources, responses=stored, problems=len(problems),
        )  # fmt: skip
        request_analysis(study=row, requested_by=requested_by, delay_s=0)
    return Imported(row, stored, problems)


@dataclass(frozen=True)
class _Made:
    """A response and, of a continuous question, its trace and series; not stored yet."""

    response: Response
    trace: Trace | None = None
    series: TraceSeries | None = None


def _responses(running: _Import, rows: Iterable[RatingRow | TraceRow]) -> Iterator[_Made]:
    for row in rows:
        yield _trace(running, row) if isinstance(row, TraceRow) else _answer(running, row)


def _answer(running: _Import, row: RatingRow) -> _Made:
    item = running.item(row.unit, row.condition)
    if row.rater is None:
        rater = running.rater(f"slot-{row.slot}", slot=True)
    else:
        rater = running.rater(row.rater, known_elsewhere=True)
    value = _value(running.question, row.values)
    wrong = questions.question_type(running.question["type"]).check(running.question["options"], value)
    if wrong:
        name, reason = next(iter(wrong.items()))
        raise Invalid(f"line {row.line}, {name}: {reason}", code="invalid_answer", details=wrong)
    return _Made(_response(running, item, rater, value, None))


def _value(question: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """A file's columns as the question's answer: dimensions by name whatever the case, labels by key."""
    given = {name.lower(): value for name, value in values.items() if value is not None}
    if question["type"] == "category":
        return {"labels": [str(label) for label in given.values()]}
    return {one["key"]: given[one["key"]] for one in question["options"]["dimensions"] if one["key"] in given}


def _trace(running: _Import, row: TraceRow) -> _Made:
    item, rater = running.item(row.item, None), running.rater(row.rater)
    trace = Trace(
        id=_stable_id(running, item, rater, "trace"),
        item=item,
        rater=rater,
        question=running.question["key"],
        state=TraceState.FINISHED,
        device={"kind": "imported", "file": row.file},
    )
    series = TraceSeries(
        trace=trace,
        rule="imported",
        rate_hz=row.rate_hz,
        t0_s=row.t0_s,
        dimensions=[row.dimension],
        values=np.asarray(row.values, dtype="<f8").tobytes(),
        validity={"coverage": float(1 - np.isnan(row.values).mean())},
        code_version=__version__,
    )
    return _Made(_response(running, item, rater, {"trace": str(trace.pk)}, row.perspective), trace, series)


def _response(
    running: _Import, item: Item, rater: Rater, value: dict[str, Any], perspective: str | None
) -> Response:
    return Response(
        id=_stable_id(running, item, rater, "response"),
        item=item,
        rater=rater,
        question=running.question["key"],
        value=value,
        perspective=perspective or running.document["perspective"],
    )


def _stable_id(running: _Import, item: Item, rater: Rater, what: str) -> uuid.UUID:
    """The same rating of the same file has the same id, so it is stored once."""
    return uuid.uuid5(item.pk, f"{running.name}/{rater.pseudonym}/{what}")


def _study(running: _Import, requested_by: str) -> Study:
    collection = save_collection(
        name=f"{running.name}-imported",
        organisation_id=running.organisation.pk,
        filters={"corpus": running.corpus.name},
    )
    return create_study(
        organisation=running.organisation,
        slug=running.name,
        title=running.document["title"],
        document=running.document,
        collection=collection,
        requested_by=requested_by,
        imported=True,
    )


def _store(study: Study, made: list[_Made], on_progress: OnProgress) -> int:
    stored = 0
    for start in range(0, len(made), BATCH):
        some = made[start : start + BATCH]
        for one in some:
            one.response.study = study
            if one.trace:
                one.trace.study = study
        Trace.objects.bulk_create([one.trace for one in some if one.trace], ignore_conflicts=True)
        TraceSeries.objects.bulk_create([one.series for one in some if one.series], ignore_conflicts=True)
        Response.objects.bulk_create([one.response for one in some], ignore_conflicts=True)
        stored += len(some)
        on_progress("responses stored", stored)
    return stored


def _refresh_statistics() -> None:
    """Without them the first analysis is planned as if the tables were still empty, and takes minutes."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE annotation_response, annotation_trace, ingest_item, accounts_rater")


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    if path.is_file():
        yield path.name, path
    else:
        yield from ((str(file.relative_to(path)), file) for file in sorted(path.rglob("*.csv")))
