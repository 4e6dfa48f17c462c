"""Marks as misc tables of audformat: a row per file, rater and mark, with its label, start, end and details."""

from collections.abc import Sequence
from typing import Any

from affectory.views.audformat_database import GOLD_TABLE, Database, Table, id_of, time_text
from affectory.views.marks import Detail, Mark, Marking, labels_of

# Not the names of places in a text, which are details.
_START, _END = "_start_time", "_end_time"


def add_marks(database: Database) -> None:
    for question, labels in labels_of(database.source.markings).items():
        asked = [one for one in database.source.markings if one.question == question and one.marks]
        if asked:
            database.schemes[id_of(question)] = {"dtype": "str", "labels": list(labels)}
        for split in database.source.splits:
            here = [one for one in asked if database.split_of[one.item_id] == split]
            _add_table(
                database, f"{id_of(question)}.{split}", [one for one in here if one.rater_id is not None]
            )
            gold = [one for one in here if one.rater_id is None]
            _add_table(database, f"{id_of(question)}.{split}.{GOLD_TABLE}", gold)


def _add_table(database: Database, table: str, asked: Sequence[Marking]) -> None:
    if not asked:
        return
    by: dict[str, str] = {} if asked[0].rater_id is None else {"rater": "str"}
    keys = [
        [database.files[one.item_id], *([one.who] if by else []), number]
        for one in asked
        for number in range(len(one.marks))
    ]
    cells = [_cells(database, one, mark) for one in asked for mark in one.marks]
    schemes = {column: _scheme(column, value) for told in cells for column, value in told.items()}
    for column, scheme in schemes.items():
        database.schemes.setdefault(column, scheme)
    header = {
        "levels": {"file": "str", **by, "number": "int"},
        "split_id": database.split_of[asked[0].item_id],
        "columns": {column: {"scheme_id": column} for column in schemes},
    }
    rows = ([*key, *map(told.get, schemes)] for key, told in zip(keys, cells, strict=True))
    database.tables.append(Table(table, header, ["file", *by, "number", *schemes], rows, misc=True))


def _cells(database: Database, marking: Marking, mark: Mark) -> dict[str, Any]:
    """Return label, times and details under the ids of their schemes; a mark that is not in time has no times."""
    scheme = id_of(marking.question)
    interval_s = None if mark.start_s is None else mark.interval_s(database.durations_s[marking.item_id])
    times = (f"{scheme}{_START}", f"{scheme}{_END}")
    onset_s = database.onsets_s.get(marking.item_id, 0.0)
    return {
        scheme: mark.label,
        **dict(zip(times, (time_text(onset_s + one) for one in interval_s or ()), strict=False)),
        **{id_of(f"{marking.question}_{name}"): value for name, value in sorted(mark.details.items())},
    }


def _scheme(column: str, value: Detail | str) -> dict[str, str]:
    if column.endswith((_START, _END)):
        return {"dtype": "time"}
    return {"dtype": "str" if isinstance(value, str) else "float"}
