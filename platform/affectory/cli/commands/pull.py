"""Fetch a release, or a part of it, into a folder: verified, resumable, linked from the cache."""

import argparse
from dataclasses import asdict
from pathlib import Path

from affectory.cli.connection import connected
from affectory.cli.output import human_bytes, note, print_json, progress_bar
from affectory.cli.selecting import add_selection, selection_of
from affectory.client.errors import Exit

NAME = "pull"
HELP = "fetch a release, or a part of it, into a folder"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ref", metavar="NAME[@VERSION|@^RANGE|@sha256:DIGEST]")
    add_selection(parser)
    parser.add_argument(
        "--public-key",
        metavar="ed25519:KEY|FILE",
        help="take the release only if this key has signed it",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="folder (default: ./NAME-VERSION)")
    parser.add_argument("-j", "--jobs", type=int, default=8, help="parallel downloads (8)")
    parser.add_argument(
        "--allow-withdrawn", action="store_true", help="use the cached copy of a withdrawn release"
    )


def run(options: argparse.Namespace) -> int:
    from affectory.client.download import Source  # noqa: PLC0415
    from affectory.client.pull import pull  # noqa: PLC0415
    from affectory.release.signing import read_public_key  # noqa: PLC0415

    public_key = read_public_key(options.public_key) if options.public_key else None
    with connected(options) as connection:
        resolved = connection.resolve(options.ref, allow_withdrawn=options.allow_withdrawn)
        manifest = resolved.manifest
        pulled = pull(
            Source(connection.server, manifest.name, manifest.version),
            resolved,
            connection.cache,
            folder=options.output,
            selection=selection_of(options),
            jobs=options.jobs,
            reporter=progress_bar(manifest.ref, quiet=options.quiet or options.json),
            public_key=public_key,
        )
    if options.json:
        print_json(asdict(pulled))
    else:
        note(
            f"{pulled.name}@{pulled.version}: {pulled.files} files, {human_bytes(pulled.bytes)} "
            f"({human_bytes(pulled.downloaded_bytes)} downloaded) in {pulled.folder}",
            quiet=options.quiet,
        )
    return Exit.OK
