"""Check a pulled folder, or without one everything that dataset.lock pins, against its digests.

The server that it came from is asked whether the release was withdrawn; without a network only that is not known.
With --successor, prove that the successor of a withdrawn release is that release minus the erased rows.
"""

import argparse
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from affectory.cli.connection import connected, warn_of
from affectory.cli.output import file_counter, human_bytes, note, print_json, print_table, say
from affectory.client.errors import Exit

if TYPE_CHECKING:
    from affectory.release.verify import Verification

NAME = "verify"
HELP = "check a folder or the lock against its digests"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", nargs="?", type=Path, help="a pulled folder (default: what dataset.lock pins)"
    )
    parser.add_argument("--deep", action="store_true", help="also make the value digests of all rows again")
    parser.add_argument(
        "--successor",
        metavar="NAME@VERSION",
        help="a withdrawn release: prove that its successor only lacks rows",
    )
    parser.add_argument(
        "--public-key",
        metavar="ed25519:KEY|FILE",
        help="also check that this key has signed it (a key in the lock is always checked)",
    )
    parser.add_argument(
        "--allow-withdrawn", action="store_true", help="check the copy of a withdrawn release all the same"
    )
    parser.add_argument(
        "--lock", type=Path, default=Path("dataset.lock"), help="the lock file (dataset.lock)"
    )


def run(options: argparse.Namespace) -> int:
    if options.successor:
        return _successor(options)
    done = {str(options.folder): _folder(options.folder, options)} if options.folder else _locked(options)
    if options.json:
        print_json({what: asdict(found) for what, found in done.items()})
    for what, found in done.items():
        if options.json:
            continue
        for problem in found.problems:
            say(f"{what}: {problem}")
        checked = f"{found.files} files, {human_bytes(found.bytes)}" + (
            f", {found.rows:,} rows" if found.rows else ""
        )
        note(f"{what}: {checked}: {'not as promised' if found.problems else 'ok'}", quiet=options.quiet)
    return Exit.MISMATCH if any(found.problems for found in done.values()) else Exit.OK


def _successor(options: argparse.Namespace) -> int:
    from affectory.client.proof import prove  # noqa: PLC0415

    with connected(options) as connection:
        found = prove(connection.server, connection.cache, options.successor, lock=options.lock)
    if options.json:
        print_json({**asdict(found), "holds": found.holds})
        return Exit.OK if found.holds else Exit.MISMATCH
    if not found.pinned:
        note("warning: nothing here pins the withdrawn release; its manifest is what the server says it was")
    print_table([asdict(part) for part in found.parts], ["table", "part", "kept", "removed", "unknown"])
    if found.holds:
        say(f"{found.successor} is {found.withdrawn} minus removed answers")
    else:
        say(
            f"{found.successor} is NOT {found.withdrawn} minus removed answers: {found.unknown_answers:,} of its rows"
        )
        say("of answers were not in it: changed, or given since")
    note("tables other than the answers are made anew from what is left", quiet=options.quiet)
    return Exit.OK if found.holds else Exit.MISMATCH


def _folder(folder: Path, options: argparse.Namespace) -> "Verification":
    from affectory.client.locate import manifest_in  # noqa: PLC0415
    from affectory.client.pull import origin_of, selected_files  # noqa: PLC0415
    from affectory.release.manifest import MANIFEST_NAME  # noqa: PLC0415
    from affectory.release.signing import SIGNATURE_NAME, check_signed, read_public_key  # noqa: PLC0415
    from affectory.release.verify import verify_folder  # noqa: PLC0415

    manifest = manifest_in(folder)
    server = options.server or origin_of(folder)
    if server:
        warn_of(server, manifest.name, manifest.version, allow_withdrawn=options.allow_withdrawn)
    if options.public_key:
        path = folder / SIGNATURE_NAME
        signature = path.read_bytes() if path.is_file() else None
        content = (folder / MANIFEST_NAME).read_bytes()
        check_signed(content, signature, read_public_key(options.public_key), what=manifest.ref)
    files = selected_files(folder, manifest)
    with file_counter(manifest.ref, quiet=options.quiet or options.json) as checked:
        return verify_folder(folder, manifest, files, deep=options.deep, checked=checked)


def _locked(options: argparse.Namespace) -> "dict[str, Verification]":
    from affectory.client.locking import verify  # noqa: PLC0415
    from affectory.release.lock import read_lock  # noqa: PLC0415
    from affectory.release.signing import read_public_key  # noqa: PLC0415

    done = {}
    named = read_public_key(options.public_key) if options.public_key else None
    for pinned in read_lock(options.lock).datasets.values():
        locked = replace(pinned, public_key=named or pinned.public_key)
        warn_of(locked.server, locked.name, locked.version, allow_withdrawn=options.allow_withdrawn)
        ref = f"{locked.name}@{locked.version}"
        with file_counter(ref, quiet=options.quiet or options.json) as checked:
            done[ref] = verify(locked, deep=options.deep, checked=checked)
    return done
