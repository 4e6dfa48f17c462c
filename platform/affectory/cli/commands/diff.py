"""Show what changed between two releases, row by row, and the version step that it asks for."""

import argparse
import tempfile
from pathlib import Path

from affectory.cli.connection import connected
from affectory.cli.output import print_json, progress_bar, say
from affectory.client.errors import Exit

NAME = "diff"
HELP = "show what changed between two releases"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", help="NAME@VERSION or a release folder")
    parser.add_argument("new", help="NAME@VERSION or a release folder")


def run(options: argparse.Namespace) -> int:
    from affectory.release.difference import compare  # noqa: PLC0415
    from affectory.release.folder import open_contents  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="affectory-diff-") as scratch:
        old, new = (
            _folder(ref, Path(scratch) / side, options)
            for side, ref in (("old", options.old), ("new", options.new))
        )
        difference = compare(open_contents(old), open_contents(new))
    if options.json:
        print_json(difference.to_dict())
        return Exit.OK
    for reason in difference.reasons:
        say(reason)
    for table in difference.tables:
        for kind, keys in (table.examples or {}).items():
            say(f"  {table.table} {kind}, for example: {', '.join(keys)}")
    say(f"{difference.bump.name}" if difference.reasons else "the same values (PATCH)")
    return Exit.OK


def _folder(ref: str, scratch: Path, options: argparse.Namespace) -> Path:
    """Return the release folder that `ref` is, or pull its tables as links into the cache."""
    from affectory.client.download import Source  # noqa: PLC0415
    from affectory.client.pull import pull  # noqa: PLC0415
    from affectory.release.manifest import MANIFEST_NAME  # noqa: PLC0415

    if (Path(ref) / MANIFEST_NAME).is_file():
        return Path(ref)
    with connected(options) as connection:
        resolved = connection.resolve(ref)
        source = Source(connection.server, resolved.manifest.name, resolved.manifest.version)
        bar = progress_bar(resolved.manifest.ref, quiet=options.quiet or options.json)
        pull(source, resolved, connection.cache, folder=scratch, reporter=bar)
    return scratch
