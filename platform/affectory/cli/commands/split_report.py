"""Show how the splits of a release are balanced, and which groups leak between them."""

import argparse
from dataclasses import asdict
from pathlib import Path

from affectory.cli.output import print_json, print_table, say
from affectory.client.errors import Exit

NAME = "split-report"
HELP = "show balance and leaks of the splits"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ref", metavar="NAME[@VERSION]|DIR")


def run(options: argparse.Namespace) -> int:
    from affectory.client.loading import load  # noqa: PLC0415
    from affectory.release.manifest import MANIFEST_NAME  # noqa: PLC0415
    from affectory.release.report import split_report  # noqa: PLC0415

    local = (Path(options.ref) / MANIFEST_NAME).is_file()
    dataset = load(Path(options.ref) if local else options.ref, server=options.server)
    items = dataset.manifest.table("items")
    reports = split_report(dataset.table("items"), dataset.table("splits"), items)
    if options.json:
        print_json([asdict(report) for report in reports])
        return Exit.OK
    for report in reports:
        leaks = ", ".join(report.leaking_groups) or "none"
        say(f"{report.scheme}: groups in more than one role: {leaks}")
        rows = [
            {"role": role.role, "items": role.items, "share": f"{role.share:.3f}", "groups": role.groups}
            | {
                name: "-" if distance is None else f"{distance:.3f}"
                for name, distance in role.distances.items()
            }
            for role in report.roles
        ]
        print_table(rows, list(rows[0]) if rows else [])
    say("label columns: total variation distance between the role and all items (0 the same, 1 disjoint)")
    return Exit.OK
