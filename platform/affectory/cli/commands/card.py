"""Print the card of a release: its datasheet in Markdown."""

import argparse

from affectory.cli.connection import opened
from affectory.cli.output import print_json, say
from affectory.client.errors import Exit

NAME = "card"
HELP = "print the datasheet of a release"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ref", metavar="NAME[@VERSION]|DIR")


def run(options: argparse.Namespace) -> int:
    dataset = opened(options)
    if options.json:
        print_json({"name": dataset.name, "version": dataset.version, "card": dataset.card})
    else:
        say(dataset.card.rstrip())
    return Exit.OK
