"""``manage.py protocol list|show|check|copy``: the protocols that ship, and files of one's own."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from affectory.errors import AffectoryError
from annotation.protocol import preset, preset_names, preset_text, read_protocol


class Command(BaseCommand):
    help = "List, show and copy the protocols that ship with the platform; check files of one's own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="name, item kinds, question types and title of every preset")
        show = actions.add_parser("show", help="print the file of a preset")
        show.add_argument("name")
        check = actions.add_parser("check", help="say what is wrong with a protocol file, by line and key")
        check.add_argument("file", type=Path)
        copy = actions.add_parser("copy", help="start a protocol of one's own from a preset")
        copy.add_argument("name")
        copy.add_argument("to", type=Path, help="file to write; it must not exist")

    def handle(self, *, action: str, **options: Any) -> None:
        try:
            if action == "list":
                self._list()
            elif action == "show":
                self.stdout.write(preset_text(options["name"]), ending="")
            elif action == "check":
                self._check(options["file"])
            else:
                self._copy(options["name"], options["to"])
        except AffectoryError as error:
            raise CommandError(error.message) from error

    def _list(self) -> None:
        for name in preset_names():
            document = preset(name)
            kinds = ",".join(document["item_kinds"])
            types = ",".join(dict.fromkeys(question["type"] for question in document["questions"]))
            self.stdout.write(f"{name:<22}{kinds:<16}{document['title']}  [{types}]")

    def _check(self, path: Path) -> None:
        document = read_protocol(path)
        n = len(document["questions"])
        self.stdout.write(f"{path.name} is right: {document['name']} {document['version']}, {n} question(s).")

    def _copy(self, name: str, to: Path) -> None:
        text = preset_text(name)
        try:
            with to.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError as error:
            raise CommandError(f"{to} exists already.") from error
        except OSError as error:
            raise CommandError(f"{to} cannot be written: {error.strerror}.") from error
        self.stdout.write(
            f"{to} is a copy of {name}. Give it a name of its own, then: manage.py protocol check {to}"
        )
