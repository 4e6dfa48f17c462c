"""Ratings that were collected elsewhere become a study like any other: items, raters, responses, traces.

All of a file that fits appears together, or nothing of it, and importing the same file again adds nothing.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from accounts.facade import Organisation
from affectory.errors import Invalid
from annotation.import_rows import Importing, Made, OnProblem
from annotation.models import Response, Study, Trace, TraceSeries
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
OnProgress = Callable[[str, int], None]


@dataclass(frozen=True)
class Imported:
    """``responses``: how many are new; ``problems``: what was left out, each with its place."""

    study: Study
    responses: int
    problems: list[RatingProblem]


def import_ratings(
    *, path: Path, like: PublishedRatings, protocol: str, corpus: str, study: str, organisation: Organisation,
    requested_by: str, on_progress: OnProgress = lambda _what, _n: None,
) -> Imported:  # fmt: skip
    """Read a file or folder of ratings into a study, and have it analysed."""
    problems: list[RatingProblem] = []
    groups = _pattern(like.groups)
    rows = _rows(path, like, problems.append)
    if not rows:
        raise Invalid(f"{path.name} holds no ratings that can be read.{_first(problems)}", code="rating_file")
    on_progress("ratings read", len(rows))
    sources = [(shown, put(file).sha256) for shown, file in _files(path)]
    with transaction.atomic():
        target, _ = Corpus.objects.get_or_create(
            organisation=organisation, name=corpus, defaults={"title": corpus, "source": "imported ratings"}
        )
        running = Importing(organisation, target, study, preset(protocol), groups, path.name, problems.append)
        made = list(running.responses(rows))
        if not made:
            raise Invalid(f"Nothing fits what {protocol} asks.{_first(problems)}", code="rating_file")
        Item.objects.bulk_create(running.items.values(), batch_size=BATCH, ignore_conflicts=True)
        on_progress("items", len(running.items))
        row = _study(running, requested_by)
        stored = _store(row, made, on_progress)
        _refresh_statistics()
        record(
            actor=requested_by, action="imported", subject=f"study:{study}",
            files=sources, responses=stored, problems=len(problems),
        )  # fmt: skip
        if stored:
            request_analysis(study=row, requested_by=requested_by, delay_s=0)
    return Imported(row, stored, problems)


def _first(problems: list[RatingProblem]) -> str:
    return f" {problems[0]}" if problems else ""


def _pattern(groups: str) -> re.Pattern[str] | None:
    try:
        return re.compile(groups) if groups else None
    except re.error as error:
        raise Invalid(f"groups: {groups!r} is no regular expression: {error}.", code="rating_file") from error


def _rows(path: Path, like: PublishedRatings, on_problem: OnProblem) -> list[RatingRow | TraceRow]:
    try:
        return list(rating_formats()[like.format].parse(path, like.spec, on_problem))
    except RatingFileError as error:
        raise Invalid(f"{error}.", code="rating_file") from error
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.", code="rating_file") from error


def _study(running: Importing, requested_by: str) -> Study:
    collection = save_collection(
        name=f"{running.study}-imported",
        organisation_id=running.organisation.pk,
        filters={"corpus": running.corpus.name},
    )
    return create_study(
        organisation=running.organisation,
        slug=running.study,
        title=running.document["title"],
        document=running.document,
        collection=collection,
        requested_by=requested_by,
        imported=True,
    )


def _store(study: Study, made: list[Made], on_progress: OnProgress) -> int:
    """Returns how many responses are new."""
    before = study.responses.count()
    for start in range(0, len(made), BATCH):
        some = made[start : start + BATCH]
        for one in some:
            one.response.study = study
            if one.trace:
                one.trace.study = study
        Trace.objects.bulk_create([one.trace for one in some if one.trace], ignore_conflicts=True)
        TraceSeries.objects.bulk_create([one.series for one in some if one.series], ignore_conflicts=True)
        Response.objects.bulk_create([one.response for one in some], ignore_conflicts=True)
        on_progress("responses read", start + len(some))
    return study.responses.count() - before


def _refresh_statistics() -> None:
    """Without them the first analysis is planned as if the tables were still empty, and takes minutes."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE annotation_response, annotation_trace, ingest_item, accounts_rater")


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    if path.is_file():
        yield path.name, path
    else:
        yield from ((str(file.relative_to(path)), file) for file in sorted(path.rglob("*.csv")))
