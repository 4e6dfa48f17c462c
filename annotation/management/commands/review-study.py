"""``manage.py review-study emotions checked --labels``: raters confirm or edit what is proposed."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.facade import Organisation
from affectory.errors import AffectoryError, Invalid
from annotation.models import Study
from annotation.services.proposing import Proposed
from annotation.services.reviews import open_review, proposals_from_labels, proposals_from_lines, study_of


class Command(BaseCommand):
    help = "Make a study whose raters confirm or edit a proposal for each item of another study."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("base", help="study whose items and questions are reviewed")
        parser.add_argument("slug", help="name of the new study")
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--labels", action="store_true", help="propose the newest labels of the base")
        source.add_argument(
            "--file", type=Path, help='JSON lines {"item": key, "question": key, "value": answer}, of a model'
        )
        parser.add_argument("--source", default="", help="who or what made the file, such as a model's name")
        parser.add_argument("--organisation", default="lab")

    def handle(self, *, base: str, slug: str, organisation: str, **options: Any) -> None:
        try:
            lab = Organisation.objects.get(name=organisation)
            study = study_of(lab.pk, base)
            source = options["source"] or (
                f"labels of {base}" if options["labels"] else Path(options["file"]).name
            )
            proposed = (
                proposals_from_labels(study) if options["labels"] else _from_file(study, options["file"])
            )
            made = open_review(
                base=study, slug=slug, proposed=proposed, source=source, requested_by="command:review-study"
            )
        except Organisation.DoesNotExist as error:
            raise CommandError(f"There is no organisation {organisation!r}.") from error
        except AffectoryError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{len(proposed):,} proposals in {made.slug}: /s/{made.invite_code}")


def _from_file(study: Study, path: Path) -> list[Proposed]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path.name}: {error}", code="invalid_proposal") from error
    return proposals_from_lines(study, text, path.name)
