"""Pin a release in dataset.lock and bring it into the cache."""

import argparse
from dataclasses import asdict
from pathlib import Path

from affectory.cli.connection import connected
from affectory.cli.output import note, print_json, progress_bar
from affectory.client.errors import Exit

NAME = "add"
HELP = "pin a release in dataset.lock and fetch it"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ref", metavar="NAME[@VERSION|@^RANGE]")
    parser.add_argument("--split", help="only this split")
    parser.add_argument(
        "--table", action="append", default=[], metavar="TABLE", help="only this table (repeatable)"
    )
    parser.add_argument(
        "--media", choices=("none", "proxy", "full"), default="none", help="media files (none)"
    )
    parser.add_argument(
        "--filter",
        action="append",
        default=[],
        metavar="CONDITION",
        help="only items like this, such as kind=video or 'va_valence>=0.2' (repeatable, all must hold)",
    )
    parser.add_argument(
        "--public-key",
        metavar="ed25519:KEY|FILE",
        help="pin this key, too: only what it has signed is taken, also by sync and update",
    )
    parser.add_argument(
        "--lock", type=Path, default=Path("dataset.lock"), help="the lock file (dataset.lock)"
    )


def run(options: argparse.Namespace) -> int:
    from affectory.client.locking import lock_of, sync  # noqa: PLC0415
    from affectory.client.pull import Selection  # noqa: PLC0415
    from affectory.client.resolve import Ref  # noqa: PLC0415
    from affectory.release.lock import Lock, read_lock, write_lock  # noqa: PLC0415
    from affectory.release.signing import read_public_key  # noqa: PLC0415

    lock = read_lock(options.lock) if options.lock.exists() else Lock()
    selection = Selection(tuple(options.table), options.split, options.media, tuple(options.filter))
    with connected(options) as connection:
        resolved = connection.resolve(options.ref)
        held = lock.datasets.get(resolved.manifest.name)
        public_key = held.public_key if held else None
        if options.public_key:
            public_key = read_public_key(options.public_key)
        wanted = Ref.parse(options.ref).wanted
        locked = lock_of(connection.server.url, wanted, resolved, selection, public_key=public_key)
    quiet = options.quiet or options.json
    synced = sync(locked, reporter=progress_bar(resolved.manifest.ref, quiet=quiet))
    write_lock(options.lock, lock.with_dataset(locked))
    if options.json:
        print_json({**asdict(synced), "lock": str(options.lock), "digest": locked.digest})
    else:
        note(f"{resolved.manifest.ref} ({locked.wanted}) is pinned in {options.lock}", quiet=quiet)
    return Exit.OK
