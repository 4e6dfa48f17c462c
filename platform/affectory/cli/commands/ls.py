"""List the datasets of the server, or the releases of one."""

import argparse
from dataclasses import asdict

from affectory.cli.connection import connected
from affectory.cli.output import print_json, print_table
from affectory.client.errors import Exit

NAME = "ls"
HELP = "list datasets, or the releases of one"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="a dataset, to list its releases")


def run(options: argparse.Namespace) -> int:
    with connected(options) as connection:
        if options.name:
            rows = [asdict(release) for release in connection.server.releases(options.name)]
            columns = ["version", "state", "created_at", "digest"]
        else:
            rows = [dict(dataset) for dataset in connection.server.datasets()]
            columns = ["name", "latest", "title"]
    if options.json:
        print_json(rows)
    else:
        print_table([row | {"latest": _version(row.get("latest"))} for row in rows], columns)
    return Exit.OK


def _version(latest: dict[str, str] | None) -> str | None:
    return latest["version"] if latest else None
