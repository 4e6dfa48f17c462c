"""The commands, in the order in which `affectory --help` lists them."""

from argparse import ArgumentParser, Namespace
from typing import Protocol

from affectory.cli.commands import (
    add,
    cache,
    card,
    diff,
    export,
    log,
    login,
    ls,
    pull,
    show,
    split_report,
    sync,
    update,
    verify,
    whoami,
)


class Command(Protocol):
    """What a command's module has."""

    NAME: str
    HELP: str

    def configure(self, parser: ArgumentParser) -> None: ...

    def run(self, options: Namespace) -> int: ...


COMMANDS: tuple[Command, ...] = (
    login,
    whoami,
    ls,
    show,
    card,
    log,
    diff,
    pull,
    add,
    sync,
    update,
    verify,
    export,
    cache,
    split_report,
)
