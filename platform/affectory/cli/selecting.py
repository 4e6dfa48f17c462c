"""The options of commands that bring a part of a release."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from affectory.client.pull import Selection


def add_selection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--split", help="only this split: train, validation or test")
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


def selection_of(options: argparse.Namespace) -> "Selection":
    from affectory.client.pull import Selection  # noqa: PLC0415

    return Selection(tuple(options.table), options.split, options.media, tuple(options.filter))
