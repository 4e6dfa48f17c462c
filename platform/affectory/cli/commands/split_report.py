"""Show how the splits of a release are balanced, and which groups leak between them."""

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from affectory.cli.connection import opened
from affectory.cli.output import print_json, print_table, say
from affectory.client.errors import Exit

if TYPE_CHECKING:
    from affectory.release.report import SchemeReport

NAME = "split-report"
HELP = "show balance and leaks of the splits"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ref", metavar="NAME[@VERSION]|DIR")


def run(options: argparse.Namespace) -> int:
    from affectory.release.report import split_report  # noqa: PLC0415

    dataset = opened(options)
    items = dataset.manifest.table("items")
    reports = split_report(dataset.table("items"), dataset.table("splits"), items)
    if options.json:
        print_json([asdict(report) for report in reports])
        return Exit.OK
    for report in reports:
        _tell(report)
    say("label columns: total variation distance between the role and all items (0 the same, 1 disjoint)")
    return Exit.OK


def _tell(report: "SchemeReport") -> None:
    say(f"{report.scheme}: groups in more than one role: {', '.join(report.leaking_groups) or 'none'}")
    sizes = [
        {"role": role.role, "items": role.items, "share": f"{role.share:.3f}", "groups": role.groups}
        for role in report.roles
    ]
    print_table(sizes, ["role", "items", "share", "groups"])
    _tell_distances({role.role: role.distances for role in report.roles})


def _tell_distances(told: Mapping[str, Mapping[str, float | None]]) -> None:
    """Print labels by roles, or where there are more roles than labels the other way round."""
    labels = list(dict.fromkeys(name for distances in told.values() for name in distances))
    if len(told) <= len(labels):
        rows = [
            {"label": name} | {role: _distance(found[name]) for role, found in told.items()}
            for name in labels
        ]
        print_table(rows, ["label", *told])
    elif labels:
        rows = [
            {"role": role} | {name: _distance(one) for name, one in found.items()}
            for role, found in told.items()
        ]
        print_table(rows, ["role", *labels])


def _distance(found: float | None) -> str:
    return "-" if found is None else f"{found:.3f}"
