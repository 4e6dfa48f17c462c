"""Print the card of a release: its datasheet in Markdown."""

import argparse

from affectory.cli.connection import connected
from affectory.cli.output import print_json, say
from affectory.client.errors import Exit

NAME = "card"
HELP = "print the datasheet of a release"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ref", metavar="NAME[@VERSION]")


def run(options: argparse.Namespace) -> int:
    with connected(options) as connection:
        manifest = connection.resolve(options.ref).manifest
        text = connection.server.file(manifest.name, manifest.version, "README.md").decode()
    if options.json:
        print_json({"name": manifest.name, "version": manifest.version, "card": text})
    else:
        say(text.rstrip())
    return Exit.OK
