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
            columns = [
                key for key in ("name", "latest_version", "title") if any(key in row for row in rows)
            ] or ["name"]
    if options.json:
        print_json(rows)
    else:
        print_table(rows, columns)
    return Exit.OK
