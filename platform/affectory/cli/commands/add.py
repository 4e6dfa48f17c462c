"""Pin a release in dataset.lock and bring it into the cache."""

import argparse
from dataclasses import asdict
from pathlib import Path

from affectory.cli.connection import connected
from affectory.cli.output import note, print_json, progress_bar
from affectory.cli.selecting import add_selection, selection_of
from affectory.client.errors import Exit

NAME = "add"
HELP = "pin a release in dataset.lock and fetch it"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ref", metavar="NAME[@VERSION|@^RANGE]")
    add_selection(parser)
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
    from affectory.client.resolve import Ref  # noqa: PLC0415
    from affectory.release.lock import Lock, read_lock, write_lock  # noqa: PLC0415
    from affectory.release.signing import read_public_key  # noqa: PLC0415

    lock = read_lock(options.lock) if options.lock.exists() else Lock()
    with connected(options) as connection:
        resolved = connection.resolve(options.ref)
        held = lock.datasets.get(resolved.manifest.name)
        public_key = held.public_key if held else None
        if options.public_key:
            public_key = read_public_key(options.public_key)
        wanted = Ref.parse(options.ref).wanted
        locked = lock_of(
            connection.server.url, wanted, resolved, selection_of(options), public_key=public_key
        )
    quiet = options.quiet or options.json
    synced = sync(locked, reporter=progress_bar(resolved.manifest.ref, quiet=quiet))
    write_lock(options.lock, lock.with_dataset(locked))
    if options.json:
        print_json({**asdict(synced), "lock": str(options.lock), "digest": locked.digest})
    else:
        note(f"{resolved.manifest.ref} ({locked.wanted}) is pinned in {options.lock}", quiet=quiet)
    return Exit.OK
