"""Show what a release holds: tables, rows per split, media, identity."""

import argparse

from affectory.cli.connection import connected
from affectory.cli.output import human_bytes, print_json, print_table, say
from affectory.client.errors import Exit

NAME = "show"
HELP = "show what a release holds"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ref", metavar="NAME[@VERSION]")


def run(options: argparse.Namespace) -> int:
    with connected(options) as connection:
        resolved = connection.resolve(options.ref)
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
                "tables": tables,
                "facts": dict(manifest.facts),
            }
        )
        return Exit.OK
    say(f"{manifest.ref}  {resolved.state}  {manifest.created_at}  licence {manifest.licence}")
    say(manifest.digest)
    if manifest.simulated:
        say("Ratings of simulated raters are among these (column `simulated`).")
    parts = list(dict.fromkeys(part.name for table in manifest.tables for part in table.parts))
    print_table(tables, ["table", "rows", *parts])
    media_bytes = sum(file.bytes for file in manifest.media)
    say(f"media: {manifest.media_policy}, {len(manifest.media)} files, {human_bytes(media_bytes)}")
    return Exit.OK
