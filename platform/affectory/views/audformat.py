"""audformat: db.yaml and CSV tables, by the conventions of the format.

Up to 50 raters: a table `<scheme>.<split>` with one column per rater, and the gold standard as a table of its own.
With more the columns would be the slow part of every load, so each scheme is one long misc table of file and rater.
Marks are such long tables, too, with their start and end: several may lie at one time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from affectory.client.traces import Trace
from affectory.views.answers import Answer
from affectory.views.audformat_database import GOLD_TABLE, Database, Table, header, id_of, time_text
from affectory.views.audformat_marks import add_marks
from affectory.views.contract import Entry, Option, Options, View, ViewRefusedError
from affectory.views.source import Source, by_item, dimensions, method_columns, rater_columns
from affectory.views.texts import csv_entry, samples

MOST_RATERS = 50


def render(source: Source, options: Options) -> Iterator[Entry]:
    media = source.media if options.flag("media") else {}
    linked = {
        row["item_id"]: f"media/{source.media_name(row['item_id'])}"
        for row in source.items
        if row["item_id"] in media
    }
    files = {row["item_id"]: str(linked.get(row["item_id"], row["item_id"])) for row in source.items}
    onsets_s = {item_id: source.onsets_s[item_id] for item_id in linked}
    database = Database(source, len(source.raters) <= MOST_RATERS, files, onsets_s)
    _add_answers(database)
    _add_gold(database)
    add_marks(database)
    if options.flag("traces"):
        _add_traces(database)
    if not database.tables:
        raise ViewRefusedError(f"audformat needs answers, labels, marks or traces, and {source.ref} has none")
    for table in database.tables:
        yield csv_entry(f"db.{table.id}.csv", table.columns, table.rows)
    yield Entry("db.yaml", header(database).encode())
    for item_id, path in linked.items():
        yield Entry(path, media[item_id])


# --- answers about whole items --------------------------------------------------------------------------------


def _add_answers(database: Database) -> None:
    by_scheme: dict[str, list[Answer]] = {}
    for answer in database.source.answers:
        by_scheme.setdefault(id_of(answer.name), []).append(answer)
    for scheme, answers in sorted(by_scheme.items()):
        database.schemes[scheme] = _scheme(database.source, answers[0])
        for split in database.source.splits:
            here = [answer for answer in answers if database.split_of[answer.item_id] == split]
            one_each = len({(answer.item_id, answer.rater_id) for answer in here}) == len(here)
            if here and database.wide and one_each:
                database.tables.append(_wide_answers(database, scheme, split, here))
            elif here:
                database.tables.append(_long_answers(database, scheme, split, here))


def _scheme(source: Source, answer: Answer) -> dict[str, Any]:
    if isinstance(answer.value, str):
        labels = next((one.labels for one in source.labelled if one.question == answer.question), ())
        known = answer.dimension == "label" and answer.value in labels
        return {"dtype": "str", "labels": list(labels)} if known else {"dtype": "str"}
    limits = source.range_of(answer.question, answer.dimension)
    return {"dtype": "float", "minimum": limits[0], "maximum": limits[1]} if limits else {"dtype": "float"}


def _wide_answers(database: Database, scheme: str, split: str, answers: Sequence[Answer]) -> Table:
    raters = sorted({answer.rater_id for answer in answers})
    cells = {(answer.item_id, answer.rater_id): answer.value for answer in answers}
    items = sorted({answer.item_id for answer in answers})
    rows = ([database.files[item], *(cells.get((item, rater)) for rater in raters)] for item in items)
    columns = {rater: {"scheme_id": scheme, "rater_id": rater} for rater in raters}
    header = {"type": "filewise", "split_id": split, "columns": columns}
    return Table(f"{scheme}.{split}", header, ["file", *raters], rows)


def _long_answers(database: Database, scheme: str, split: str, answers: Sequence[Answer]) -> Table:
    # The number tells apart what one rater said about one item, where that is several labels.
    rows, told = [], dict[tuple[str, str], int]()
    for answer in answers:
        number = told[answer.item_id, answer.rater_id] = told.get((answer.item_id, answer.rater_id), -1) + 1
        rows.append([database.files[answer.item_id], answer.rater_id, number, answer.value])
    header = {
        "levels": {"file": "str", "rater": "str", "number": "int"},
        "split_id": split,
        "columns": {scheme: {"scheme_id": scheme}},
    }
    return Table(f"{scheme}.{split}", header, ["file", "rater", "number", scheme], rows, misc=True)


# --- gold of whole items --------------------------------------------------------------------------------------


def _add_gold(database: Database) -> None:
    source = database.source
    for scheme, column in _gold_columns(database):
        for split in source.splits:
            rows = [
                (database.files[row["item_id"]], row[column])
                for row in source.items
                if row["split"] == split and row[column] is not None
            ]
            if rows:
                header = {"type": "filewise", "split_id": split, "columns": {scheme: {"scheme_id": scheme}}}
                database.tables.append(
                    Table(f"{scheme}.{split}.{GOLD_TABLE}", header, ["file", scheme], rows)
                )


def _gold_columns(database: Database) -> Iterator[tuple[str, str]]:
    """Give scheme and column of the items table; a gold label that nobody's answer stands behind is a scheme too."""
    source = database.source
    for one in source.labelled:
        database.schemes.setdefault(id_of(one.question), {"dtype": "str", "labels": list(one.labels)})
        yield id_of(one.question), one.column
    for column in source.manifest.table("items").columns:
        if column.kind == "float" and f"{column.name}_sd" in source.manifest.table("items").kinds:
            limits = {"minimum": column.minimum, "maximum": column.maximum}
            known = {name: value for name, value in limits.items() if value is not None}
            database.schemes.setdefault(id_of(column.name), {"dtype": "float", **known})
            yield id_of(column.name), column.name


# --- traces ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Series:
    """One dimension of the traces of one question in one split."""

    scheme: str
    split: str
    dimension: str
    traces: Sequence[Trace]


def _add_traces(database: Database) -> None:
    source = database.source
    for series in _series(database, source.rater_traces()):
        database.schemes[series.scheme] = _trace_scheme(source, series)
        database.tables.append((_wide_traces if database.wide else _long_traces)(database, series))
    for series in _series(database, source.all_gold_traces):
        database.schemes[series.scheme] = _trace_scheme(source, series)
        database.tables.append(_gold_traces(database, series))


def _series(database: Database, traces: Sequence[Trace]) -> list[_Series]:
    found: dict[tuple[str, str, str], list[Trace]] = {}
    for trace in traces:
        for name in dimensions(trace):
            found.setdefault((trace.question, name, database.split_of[trace.item_id]), []).append(trace)
    order = [(question, name, split) for question, name, split in found]
    order.sort(key=lambda key: (key[0], key[1], database.source.splits.index(key[2])))
    return [_Series(id_of(f"{key[0]}_{key[1]}"), key[2], key[1], found[key]) for key in order]


def _trace_scheme(source: Source, series: _Series) -> dict[str, Any]:
    limits = source.range_of(series.traces[0].question, series.dimension)
    return {"dtype": "float", **({"minimum": limits[0], "maximum": limits[1]} if limits else {})}


def _wide_traces(database: Database, series: _Series) -> Table:
    raters = sorted({column for found in by_item(series.traces).values() for column in rater_columns(found)})
    columns = {rater: {"scheme_id": series.scheme, **_rater(database, rater)} for rater in raters}
    return _segmented(database, series, f"{series.scheme}.{series.split}", columns, rater_columns)


def _gold_traces(database: Database, series: _Series) -> Table:
    methods = sorted({str(trace.method) for trace in series.traces})
    columns = {one: {"scheme_id": series.scheme, "description": f"fused by {one}"} for one in methods}
    return _segmented(
        database, series, f"{series.scheme}.{series.split}.{GOLD_TABLE}", columns, method_columns
    )


def _segmented(
    database: Database,
    series: _Series,
    table: str,
    columns: Mapping[str, Mapping[str, str]],
    named: Callable[[Sequence[Trace]], Mapping[str, Trace]],
) -> Table:
    def rows() -> Iterator[list[Any]]:
        for item_id, found in by_item(series.traces).items():
            values = {name: samples(trace.series[series.dimension]) for name, trace in named(found).items()}
            for at, (start, end) in enumerate(_intervals(database, max(found, key=len))):
                cells = (values[name][at] if at < len(values.get(name, ())) else None for name in columns)
                yield [database.files[item_id], start, end, *cells]

    header = {"type": "segmented", "split_id": series.split, "columns": columns}
    return Table(table, header, ["file", "start", "end", *columns], rows())


def _rater(database: Database, column: str) -> dict[str, str]:
    return {"rater_id": column} if column in database.source.raters else {}


def _long_traces(database: Database, series: _Series) -> Table:
    def rows() -> Iterator[list[Any]]:
        for item_id, found in by_item(series.traces).items():
            for rater, trace in rater_columns(found).items():
                values = samples(trace.series[series.dimension])
                for value, (start, end) in zip(values, _intervals(database, trace), strict=True):
                    yield [database.files[item_id], rater, start, end, value]

    header = {
        "levels": {"file": "str", "rater": "str", "start": "time", "end": "time"},
        "split_id": series.split,
        "columns": {series.scheme: {"scheme_id": series.scheme}},
    }
    columns = ["file", "rater", "start", "end", series.scheme]
    return Table(f"{series.scheme}.{series.split}", header, columns, rows(), misc=True)


def _intervals(database: Database, trace: Trace) -> Iterator[tuple[str, str]]:
    """Give start and end of each sample in the file as pandas writes a time span."""
    begin_s = database.onsets_s.get(trace.item_id, 0.0) + trace.t0_s
    yield from pairwise(time_text(begin_s + at / trace.rate_hz) for at in range(len(trace) + 1))


VIEW = View(
    name="audformat",
    summary=f"db.yaml and tables: a column per rater up to {MOST_RATERS} raters, else long tables",
    loses="dispersion, votes, group keys; takes from the second on have no rater_id",
    opened_by="audformat",
    render=render,
    options=(
        Option("media", "put the media files in", "no", ("yes", "no")),
        Option("traces", "put the samples of traces in", "yes", ("yes", "no")),
    ),
)
