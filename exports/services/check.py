"""What a release would be if it were published now: counted, split and compared, but neither stored nor shown."""

from dataclasses import asdict
from typing import Any

from affectory.release.difference import Difference, compare
from affectory.release.folder import Contents, open_contents
from affectory.release.versions import Bump, next_version
from affectory.release.writer import ReleaseWriter
from exports.models import Dataset, Release
from exports.services.beside import balance_of
from exports.services.build import (
    is_tombstone,
    keep_series,
    newest_release,
    restore,
    snapshot,
    write_tables,
)
from exports.services.card import schemes_of
from exports.services.datasets import recipe_digest
from exports.services.datasheet import excluded_by_policy
from exports.services.media import refer_media
from exports.services.source import read_source
from exports.services.split_links import ask_for_fingerprints
from exports.services.splitting import Splits
from exports.services.trace_tables import gold_made
from exports.services.working import working_folder
from jobs.facade import Running

# Of what is wrong, and of what has no place, this many are named; all are counted.
NAMED_AT_MOST = 20


def check_release(running: Running) -> dict[str, Any]:
    """The job behind "check before publishing"; its result is a `CheckShape`."""
    dataset = Dataset.objects.get(pk=running.payload["dataset"])
    running.progress(0, 2, "reading and counting")
    keep_series(dataset)
    ask_for_fingerprints(dataset, requested_by=f"job:{running.row.pk}")
    with working_folder(running) as folder:
        with snapshot():
            source = read_source(dataset)
            writer = ReleaseWriter(folder)
            tables = write_tables(source, writer, refer_media(source, writer))
            writer.set_schemes(schemes_of(source, tables.mappings))
            parent = newest_release(dataset)
            if parent and not is_tombstone(parent):
                restore(parent, folder.parent / "parent")
        running.progress(1, 2, "comparing")
        contents = writer.contents()
        before = folder.parent / "parent"
        difference = compare(open_contents(before), contents) if before.exists() else None
    balance = balance_of(source, tables.splits)
    return {
        **_told(contents, tables.splits, parent, difference),
        "excluded": excluded_by_policy(source),
        "gold_made": [asdict(one) for one in gold_made(source)],
        "distributions": balance["distributions"],
        "other_distributions": balance["other_distributions"],
        "recipe_digest": recipe_digest(source.dataset),
    }


def _told(
    contents: Contents, splits: Splits, parent: Release | None, difference: Difference | None
) -> dict[str, Any]:
    problems = splits.problems
    # A parent whose rows are erased cannot be compared with: rows of it are gone, at least.
    bump = difference.bump if difference else (Bump.MAJOR if parent else None)
    return {
        "rows": {table.name: table.rows for table in contents.tables},
        "media_files": len({file.sha256 for file in contents.media}),
        "default_split": splits.default_name,
        "schemes": [_short(report) for report in splits.reports()],
        "problems": problems[:NAMED_AT_MOST],
        "ways_out": splits.ways_out,
        "n_problems": len(problems),
        "parent": parent.version if parent else None,
        "bump": bump.name if bump is not None else None,
        "version": next_version(parent.version if parent else None, bump) if bump is not None else "1.0.0",
        "changes": list(difference.reasons) if difference else [],
    }


def _short(report: dict[str, Any]) -> dict[str, Any]:
    lists = {name: report[name][:NAMED_AT_MOST] for name in ("leaks", "without_role")}
    return {**report, **lists, "n_leaks": len(report["leaks"]), "n_without_role": len(report["without_role"])}
