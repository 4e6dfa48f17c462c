"""Show what a release holds: tables, rows per split, media, identity."""

import argparse
from typing import TYPE_CHECKING

from affectory.cli.connection import Connection, connected
from affectory.cli.output import human_bytes, print_json, print_table, say
from affectory.client.errors import Exit
from affectory.extras import MissingExtra

if TYPE_CHECKING:
    from affectory.client.resolve import Resolved

NAME = "show"
HELP = "show what a release holds"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ref", metavar="NAME[@VERSION]")


def run(options: argparse.Namespace) -> int:
    with connected(options) as connection:
        resolved = connection.resolve(options.ref)
        signed_by, checked = _signer(connection, resolved)
    manifest = resolved.manifest
    tables = [
        {"table": table.name, "rows": table.rows, **{part.name: part.rows for part in table.parts}}
        for table in manifest.tables
    ]
    if options.json:
        print_json(
            {
                "name": manifest.name,
                "version": manifest.version,
                "state": resolved.state,
                "digest": manifest.digest,
                "manifest_sha256": resolved.manifest_sha256,
                "created_at": manifest.created_at,
                "simulated": manifest.simulated,
                "licence": manifest.licence,
                "signed_by": signed_by,
                "signature": checked,
                "tables": tables,
                "facts": dict(manifest.facts),
            }
        )
        return Exit.OK
    say(f"{manifest.ref}  {resolved.state}  {manifest.created_at}  licence {manifest.licence}")
    say(manifest.digest)
    say(f"signed by {signed_by} ({checked})" if signed_by else "not signed")
    if manifest.simulated:
        say("Ratings of simulated raters are among these (column `simulated`).")
    parts = list(dict.fromkeys(part.name for table in manifest.tables for part in table.parts))
    print_table(tables, ["table", "rows", *parts])
    media_bytes = sum(file.bytes for file in manifest.media)
    say(f"media: {manifest.media_policy}, {len(manifest.media)} files, {human_bytes(media_bytes)}")
    return Exit.OK


def _signer(connection: Connection, resolved: "Resolved") -> tuple[str | None, str | None]:
    """Return the key that signed and whether it did; whose key it is, nobody here can know."""
    from affectory.release.signing import Signature  # noqa: PLC0415

    if resolved.signature is None:
        return None, None
    signature = Signature.from_json(resolved.signature)
    try:
        signature.check(connection.cache.object_path(resolved.manifest_sha256).read_bytes())
    except MissingExtra as error:
        return signature.public_key, f"not checked: {error.hint}"
    return signature.public_key, "checked"
