"""``manage.py import-ratings PATH --like emobank ...``: ratings collected elsewhere become a study."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.facade import Organisation
from affectory.errors import AffectoryError
from annotation.imports import import_ratings
from ingest.facade import PUBLISHED, PublishedRatings, RatingOptions, spec_from_options

TOLD = 20


class Command(BaseCommand):
    help = "Import ratings from a tidy CSV, a vote-count CSV, or a folder of per-rater trace CSVs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--protocol", required=True, help="preset that says what was asked")
        parser.add_argument(
            "--corpus", required=True, help="corpus of the items; made when it does not exist"
        )
        parser.add_argument("--study", help="name of the study (default: the protocol's)")
        parser.add_argument("--organisation", default="lab")
        parser.add_argument(
            "--like", choices=sorted(PUBLISHED), help="read it as this published corpus is read"
        )
        parser.add_argument("--format", choices=["tidy_csv", "vote_counts", "trace_folder"])
        parser.add_argument("--unit", help="column that names the rated unit")
        parser.add_argument("--rater", help="column of the rater (left out: answers stand in slots)")
        parser.add_argument(
            "--columns", nargs="*", default=[], help="columns of numbers, or label columns of vote counts"
        )
        parser.add_argument(
            "--labels", nargs="*", default=[], help="columns whose cells are labels, of a tidy CSV"
        )
        parser.add_argument(
            "--folders",
            choices=["raters", "dimensions"],
            default="raters",
            help="what the folders of a trace folder are; of dimensions, each column but the time is a rater",
        )
        parser.add_argument(
            "--rate-hz", type=float, help="samples per second, for traces without a time column"
        )
        parser.add_argument("--groups", help="regular expression on the unit; named groups become group keys")

    def handle(self, *, path: Path, study: str | None, organisation: str, **options: Any) -> None:
        lab, _ = Organisation.objects.get_or_create(name=organisation, defaults={"title": organisation})
        try:
            done = import_ratings(
                path=path,
                like=_spec(options),
                protocol=options["protocol"],
                corpus=options["corpus"],
                study=study or options["protocol"],
                organisation=lab,
                requested_by="command:import-ratings",
                on_progress=lambda what, n: self.stdout.write(f"{n:,} {what}"),
            )
        except AffectoryError as error:
            raise CommandError(error.message) from error
        for problem in done.problems[:TOLD]:
            self.stderr.write(f"left out: {problem}")
        if len(done.problems) > TOLD:
            self.stderr.write(f"and {len(done.problems) - TOLD:,} more.")
        self.stdout.write(
            f"{done.responses:,} new responses in {done.study.slug}; {len(done.problems):,} left out."
        )


def _spec(options: dict[str, Any]) -> PublishedRatings:
    if options["like"]:
        return PUBLISHED[options["like"]]
    return spec_from_options(
        RatingOptions(
            format=options["format"],
            unit=options["unit"],
            rater=options["rater"],
            columns=tuple(options["columns"]),
            labels=tuple(options["labels"]),
            folders=options["folders"],
            rate_hz=options["rate_hz"],
            groups=options["groups"],
        )
    )
