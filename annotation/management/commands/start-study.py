"""``manage.py start-study mine.toml --corpus films``: raters can arrive from now on."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.facade import Organisation
from affectory.errors import AffectoryError
from annotation.protocol import read_protocol
from annotation.services.starting import Source, start_study


def _name(given: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,80}", given):
        raise ArgumentTypeError(f"{given!r} may hold up to 80 letters, digits, - and _ only.")
    return given


class Command(BaseCommand):
    help = "Start a study from a protocol file on the items of a collection or a corpus."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        items = parser.add_mutually_exclusive_group(required=True)
        items.add_argument("--collection", help="whose items are rated, as they are now")
        items.add_argument("--corpus", help="instead: all its items that the protocol takes")
        parser.add_argument("--study", type=_name, help="name of the study (default: the protocol's)")
        parser.add_argument("--title", help="what raters read (default: the protocol's)")
        parser.add_argument("--organisation", default="lab")

    def handle(self, *, file: Path, organisation: str, **options: Any) -> None:
        lab = Organisation.objects.filter(name=organisation).first()
        if lab is None:
            raise CommandError(f"There is no organisation {organisation!r}.")
        try:
            document = read_protocol(file)
            study = start_study(
                organisation=lab,
                slug=options["study"] or document["name"],
                title=options["title"] or document["title"],
                document=document,
                source=Source(options["collection"], options["corpus"]),
                requested_by="command:start-study",
            )
        except AffectoryError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{study.slug} is open; raters arrive at /s/{study.invite_code}")
