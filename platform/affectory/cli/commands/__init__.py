"""The commands, in the order in which `affectory --help` lists them."""

from argparse import ArgumentParser, Namespace
from typing import Protocol

from affectory.cli.commands import login, ls, pull, show, whoami


class Command(Protocol):
    """What a command's module has."""

    NAME: str
    HELP: str

    def configure(self, parser: ArgumentParser) -> None: ...

    def run(self, options: Namespace) -> int: ...


COMMANDS: tuple[Command, ...] = (login, whoami, ls, show, pull)
