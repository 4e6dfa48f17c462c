"""Move the pins of dataset.lock to the newest releases in their ranges, and say what that changes."""

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from affectory.cli.output import note, print_json, progress_bar, say
from affectory.client.errors import Exit, WithdrawnError

if TYPE_CHECKING:
    from affectory.release.difference import Difference
    from affectory.release.lock import LockedDataset

NAME = "update"
HELP = "move pins to the newest releases and show what changes"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="only this dataset")
    parser.add_argument(
        "--lock", type=Path, default=Path("dataset.lock"), help="the lock file (dataset.lock)"
    )


def run(options: argparse.Namespace) -> int:
    from affectory.client.locking import newest, sync  # noqa: PLC0415
    from affectory.release.lock import read_lock, write_lock  # noqa: PLC0415

    lock = read_lock(options.lock)
    chosen = [lock.only(options.name)] if options.name else list(lock.datasets.values())
    quiet = options.quiet or options.json
    changes = []
    for old in chosen:
        new = newest(old)
        if new == old:
            note(f"{old.name}@{old.version} is the newest in {old.wanted}", quiet=quiet)
            continue
        sync(new, reporter=progress_bar(f"{new.name}@{new.version}", quiet=quiet))
        lock = lock.with_dataset(new)
        changes.append({"name": new.name, "from": old.version, "to": new.version, **_changes(old, new)})
    write_lock(options.lock, lock)
    if options.json:
        print_json(changes)
        return Exit.OK
    for change in changes:
        say(f"{change['name']} {change['from']} -> {change['to']} ({change['bump']})")
        for reason in change["reasons"]:
            say(f"  {reason}")
    return Exit.OK


def _changes(old: "LockedDataset", new: "LockedDataset") -> dict[str, Any]:
    try:
        return _difference(old, new).to_dict()
    except WithdrawnError as error:
        return {"bump": "MAJOR", "reasons": [f"{old.name}@{old.version} cannot be compared: {error.message}"]}


def _difference(old: "LockedDataset", new: "LockedDataset") -> "Difference":
    """Compare two pinned releases over the tables that the lock uses."""
    from affectory.client.cache import Cache  # noqa: PLC0415
    from affectory.client.download import Source  # noqa: PLC0415
    from affectory.client.locking import locked_manifest  # noqa: PLC0415
    from affectory.client.pull import pull  # noqa: PLC0415
    from affectory.client.resolve import Resolved  # noqa: PLC0415
    from affectory.client.server import Server  # noqa: PLC0415
    from affectory.client.settings import settings_for  # noqa: PLC0415
    from affectory.release.difference import compare  # noqa: PLC0415
    from affectory.release.folder import open_contents  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="affectory-update-") as scratch:
        contents = []
        for side, locked in (("old", old), ("new", new)):
            settings = settings_for(locked.server)
            resolved = Resolved(locked_manifest(locked, settings), locked.manifest_sha256, "unknown")
            with Server(settings) as server:
                source = Source(server, locked.name, locked.version)
                pull(source, resolved, Cache(settings.cache), folder=Path(scratch) / side)
            contents.append(open_contents(Path(scratch) / side))
        return compare(*contents)
