"""Bring what dataset.lock pins into the cache. With --frozen the lock is never changed (for CI)."""

import argparse
from dataclasses import asdict
from pathlib import Path

from affectory.cli.connection import warn_of
from affectory.cli.output import human_bytes, note, print_json, progress_bar
from affectory.client.errors import Exit

NAME = "sync"
HELP = "fetch what dataset.lock pins"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--frozen", action="store_true", help="fail instead of changing the lock")
    parser.add_argument(
        "--lock", type=Path, default=Path("dataset.lock"), help="the lock file (dataset.lock)"
    )
    parser.add_argument(
        "--allow-withdrawn", action="store_true", help="go on with the cached copy of a withdrawn release"
    )
    parser.add_argument("-j", "--jobs", type=int, default=8, help="parallel downloads (8)")


def run(options: argparse.Namespace) -> int:
    from affectory.client.locking import newest, sync  # noqa: PLC0415
    from affectory.release.errors import LockError  # noqa: PLC0415
    from affectory.release.lock import read_lock, write_lock  # noqa: PLC0415

    lock = read_lock(options.lock)
    for locked in lock.datasets.values():
        if locked.satisfies_wanted:
            continue
        if options.frozen:
            raise LockError(
                f"{options.lock} pins {locked.name}@{locked.version} and wants {locked.wanted}; "
                "type: affectory sync, and commit the lock"
            )
        lock = lock.with_dataset(newest(locked))
    quiet = options.quiet or options.json
    for locked in lock.datasets.values():
        warn_of(locked.server, locked.name, locked.version, allow_withdrawn=options.allow_withdrawn)
    done = [
        sync(locked, jobs=options.jobs, reporter=progress_bar(f"{locked.name}@{locked.version}", quiet=quiet))
        for locked in lock.datasets.values()
    ]
    if not options.frozen:
        write_lock(options.lock, lock)
    if options.json:
        print_json([asdict(synced) for synced in done])
    for synced in done:
        downloaded = human_bytes(synced.downloaded_bytes)
        note(f"{synced.name}@{synced.version}: {synced.files} files, {downloaded} downloaded", quiet=quiet)
    return Exit.OK
