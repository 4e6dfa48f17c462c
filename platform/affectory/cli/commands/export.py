"""Write a release in the layout of another tool. Without a format: list the formats; with one alone: its options."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from affectory.cli.connection import opened
from affectory.cli.output import file_counter, human_bytes, note, print_json, print_table, say
from affectory.client.errors import Exit, UsageError

if TYPE_CHECKING:
    from affectory.views.contract import View

NAME = "export"
HELP = "write a release in the layout of another tool"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "format", nargs="?", metavar="FORMAT", help="csv, jsonl, webdataset ... (see: affectory export)"
    )
    parser.add_argument(
        "ref", nargs="?", metavar="NAME[@VERSION|@^RANGE]|DIR", help="a release, or a pulled folder"
    )
    parser.add_argument("--to", type=Path, metavar="DIR", help="folder to make")
    parser.add_argument("--split", help="only this split: train, validation or test")
    parser.add_argument(
        "--where",
        "--filter",
        action="append",
        default=[],
        metavar="CONDITION",
        help="only items like this, such as kind=video or 'va_valence>=0.2' (repeatable, all must hold)",
    )
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="option of the format (repeatable)",
    )
    parser.add_argument(
        "--allow-withdrawn", action="store_true", help="use the cached copy of a withdrawn release"
    )


def run(options: argparse.Namespace) -> int:
    from affectory.views import view_named, views  # noqa: PLC0415
    from affectory.views.rendering import render  # noqa: PLC0415
    from affectory.views.source import Source  # noqa: PLC0415

    if options.format is None:
        return _list_formats(list(views().values()), as_json=options.json)
    view = view_named(options.format)
    if options.ref is None:
        return _describe(view, as_json=options.json)
    if options.to is None:
        raise UsageError(
            "where should it be written?", f"type: affectory export {view.name} {options.ref} --to DIR"
        )
    given = dict(_pair(text) for text in options.option)
    quiet = options.quiet or options.json
    dataset = opened(
        options, split=options.split, where=options.where, allow_withdrawn=options.allow_withdrawn
    )
    source = Source(dataset)
    with file_counter(view.name, quiet=quiet) as written:
        rendered = render(view, source, options.to, given, written=written)
    if options.json:
        print_json(asdict(rendered))
    else:
        size = human_bytes(sum(file.bytes for file in rendered.files))
        told = f"{rendered.release} as {view.name}: {len(rendered.files)} files, {size} in {rendered.folder}"
        note(f"{told}\nnot in it: {view.loses}", quiet=options.quiet)
    return Exit.OK


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"--option {text!r} has no =", "write it as: --option NAME=VALUE")
    return name, value


def _list_formats(views: Sequence["View"], *, as_json: bool) -> int:
    rows = [
        {
            "format": view.name,
            "writes": view.summary,
            "needs": ", ".join(view.needs) or "-",
            "opened by": view.opened_by,
        }
        for view in views
    ]
    if as_json:
        print_json(rows)
    else:
        print_table(rows, ["format", "needs", "opened by", "writes"])
    return Exit.OK


def _describe(view: "View", *, as_json: bool) -> int:
    if as_json:
        print_json({name: value for name, value in asdict(view).items() if name != "render"})
        return Exit.OK
    say(f"{view.name}: {view.summary}\nneeds: {', '.join(view.needs) or 'nothing in particular'}")
    say(f"not in it: {view.loses}\nopened by: {view.opened_by}")
    for option in view.options:
        choices = f" ({', '.join(option.choices)})" if option.choices else ""
        default = f" [{option.default}]" if option.default else ""
        say(f"  --option {option.name}=...  {option.help}{choices}{default}")
    return Exit.OK
