"""``manage.py consensus-round emotions --where emotion.share_below=0.6 --all-raters``: the next round."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.facade import Organisation
from affectory.errors import AffectoryError
from annotation.analysis.disagreement import Criterion
from annotation.services.reviews import open_round, raters_of, study_of


class Command(BaseCommand):
    help = "Give the items on which raters disagreed back to named raters, with the answers of all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("base", help="study, or an earlier round, whose answers are looked at")
        parser.add_argument(
            "--where",
            nargs="+",
            required=True,
            metavar="QUESTION.MEASURE=NUMBER",
            help="share_below or range_above; an item that meets one of them goes back",
        )
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--raters", nargs="+", help="pseudonyms")
        who.add_argument(
            "--all-raters", action="store_true", help="everybody whose answers to the base count"
        )
        parser.add_argument("--organisation", default="lab")

    def handle(self, *, base: str, organisation: str, **options: Any) -> None:
        try:
            lab = Organisation.objects.get(name=organisation)
            study = study_of(lab.pk, base)
            made = open_round(
                base=study,
                criteria=[Criterion.read(text) for text in options["where"]],
                raters=options["raters"] or raters_of(study),
                requested_by="command:consensus-round",
            )
        except Organisation.DoesNotExist as error:
            raise CommandError(f"There is no organisation {organisation!r}.") from error
        except AffectoryError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{made.items:,} items in {made.study.slug}. Send each rater her own link:")
        for pseudonym, address in made.addresses.items():
            self.stdout.write(f"{pseudonym}  {address}")
