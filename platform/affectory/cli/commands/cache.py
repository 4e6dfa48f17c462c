"""Look at the cache and clear it: ls, rm, prune, purge-withdrawn."""

import argparse
from dataclasses import asdict

from affectory.cli.connection import connected
from affectory.cli.output import human_bytes, note, print_json, print_table
from affectory.client.errors import Exit

NAME = "cache"
HELP = "look at the cache and clear it"

_ACTIONS = (
    "ls: list the releases in the cache; rm: delete one; prune: delete what belongs to no release, and "
    "interrupted downloads; purge-withdrawn: ask the server, and delete what is withdrawn"
)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("ls", "rm", "prune", "purge-withdrawn"), help=_ACTIONS)
    parser.add_argument("ref", nargs="?", metavar="NAME@VERSION", help="what rm deletes")


def run(options: argparse.Namespace) -> int:
    from affectory.client.cache import Cache  # noqa: PLC0415
    from affectory.client.housekeeping import held_releases, prune, purge_withdrawn, remove  # noqa: PLC0415
    from affectory.client.settings import cache_folder  # noqa: PLC0415

    cache = Cache(cache_folder())
    if options.action == "ls":
        rows = [asdict(release) for release in held_releases(cache)]
        if options.json:
            print_json(rows)
        else:
            shown = [{**row, "held": human_bytes(row["held_bytes"])} for row in rows]
            print_table(shown, ["name", "version", "held", "server"])
        return Exit.OK
    if options.action == "rm":
        name, _, version = (options.ref or "").partition("@")
        removed = [(name, version, remove(cache, name, version))]
    elif options.action == "prune":
        removed = [("", "", prune(cache))]
    else:
        with connected(options) as connection:
            removed = purge_withdrawn(connection.server, connection.cache)
    if options.json:
        print_json(
            [{"name": name, "version": version, "freed_bytes": freed} for name, version, freed in removed]
        )
    for name, version, freed in removed:
        what = f"{name}@{version}: " if name else ""
        note(f"{what}{human_bytes(freed)} freed", quiet=options.quiet or options.json)
    if options.action == "purge-withdrawn":
        folders = "folders that were pulled hold links to these files: delete them, too"
        note(folders if removed else "nothing in the cache is withdrawn", quiet=options.quiet or options.json)
    return Exit.OK
