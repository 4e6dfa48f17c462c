"""Show the releases of a dataset, newest first, and the changelog of the newest."""

import argparse
from dataclasses import asdict

from affectory.cli.connection import connected
from affectory.cli.output import print_json, print_table, say
from affectory.client.errors import Exit

NAME = "log"
HELP = "show the releases of a dataset and what changed"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="a dataset")


def run(options: argparse.Namespace) -> int:
    from affectory.client.resolve import Ref, choose  # noqa: PLC0415
    from affectory.release.versions import Version  # noqa: PLC0415

    with connected(options) as connection:
        releases = connection.server.releases(options.name)
        newest = choose(Ref.parse(options.name), releases)
        changelog = (
            connection.server.file(options.name, newest, "CHANGELOG.md").decode()
            if newest is not None
            else ""
        )
    releases.sort(key=lambda release: Version.parse(release.version), reverse=True)
    rows = [asdict(release) for release in releases]
    if options.json:
        print_json({"releases": rows, "changelog": changelog})
        return Exit.OK
    print_table(rows, ["version", "state", "created_at", "digest"])
    say("")
    say(changelog.rstrip())
    return Exit.OK
