"""Marks as misc tables of audformat: a row per file, rater and mark, with its label, start, end and details."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from affectory.views.audformat_database import GOLD_TABLE, Database, Table, id_of, time_text
from affectory.views.marks import Mark, Marking, labels_of


def add_marks(database: Database) -> None:
    for question, labels in labels_of(database.source.markings).items():
        asked = [one for one in database.source.markings if one.question == question and one.marks]
        details = _details(question, asked)
        if not asked:
            continue
        scheme = id_of(question)
        database.schemes |= {
            scheme: {"dtype": "str", "labels": list(labels)},
            f"{scheme}_start": {"dtype": "time"},
            f"{scheme}_end": {"dtype": "time"},
            **details,
        }
        for split in database.source.splits:
            here = [one for one in asked if database.split_of[one.item_id] == split]
            raters = [one for one in here if one.rater_id is not None]
            gold = [one for one in here if one.rater_id is None]
            if raters:
                database.tables.append(
                    _table(database, f"{scheme}.{split}", raters, [*details], {"rater": "str"})
                )
            if gold:
                database.tables.append(
                    _table(database, f"{scheme}.{split}.{GOLD_TABLE}", gold, [*details], {})
                )


def _details(question: str, asked: Sequence[Marking]) -> dict[str, dict[str, str]]:
    """Return the scheme of each detail, in their order."""
    told = {
        name: isinstance(value, str)
        for one in asked
        for mark in one.marks
        for name, value in mark.details.items()
    }
    return {
        id_of(f"{question}_{name}"): {"dtype": "str" if as_text else "float"}
        for name, as_text in sorted(told.items())
    }


def _table(
    database: Database,
    table: str,
    asked: Sequence[Marking],
    details: Sequence[str],
    by: Mapping[str, str],
) -> Table:
    scheme = id_of(asked[0].question)
    columns = [scheme, f"{scheme}_start", f"{scheme}_end", *details]
    header = {
        "levels": {"file": "str", **by, "number": "int"},
        "split_id": database.split_of[asked[0].item_id],
        "columns": {column: {"scheme_id": column} for column in columns},
    }

    def rows() -> Iterator[list[Any]]:
        for one in asked:
            who = [one.who] if by else []
            for number, mark in enumerate(one.marks):
                told = _cells(one.question, mark, database.durations_s[one.item_id])
                yield [database.files[one.item_id], *who, number, *(told.get(column) for column in columns)]

    return Table(table, header, [*header["levels"], *columns], rows(), misc=True)


def _cells(question: str, mark: Mark, duration_s: float | None) -> dict[str, Any]:
    scheme = id_of(question)
    interval_s = None if mark.start_s is None else mark.interval_s(duration_s)
    times = dict(zip((f"{scheme}_start", f"{scheme}_end"), map(time_text, interval_s or ()), strict=False))
    details = {id_of(f"{question}_{name}"): value for name, value in mark.details.items()}
    return {scheme: mark.label, **times, **details}
