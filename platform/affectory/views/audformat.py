"""audformat: db.yaml and CSV tables, by the conventions of the format.

Up to 50 raters: a table `<scheme>.<split>` with one column per rater, and the gold standard as a table of its own.
With more the columns would be the slow part of every load, so each scheme is one long misc table of file and rater.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from affectory.client.traces import Trace
from affectory.views.answers import Answer
from affectory.views.contract import Entry, Option, Options, View, ViewRefusedError
from affectory.views.source import Source, by_item, dimensions, method_columns, rater_columns
from affectory.views.texts import csv_entry, samples

MOST_RATERS = 50
_SPLIT_TYPES = {"train": "train", "validation": "dev", "test": "test"}
_ID = re.compile(r"[^A-Za-z0-9_-]+")
_US = 1_000_000
_GOLD = "gold_standard"


@dataclass(frozen=True)
class _Table:
    """One table: its id, what the header says of it, and its rows under their columns."""

    id: str
    header: Mapping[str, Any]
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]
    misc: bool = False


@dataclass
class _Database:
    """What of the release goes where; filled scheme by scheme."""

    source: Source
    wide: bool
    files: Mapping[str, str]
    schemes: dict[str, dict[str, Any]] = field(default_factory=dict)
    tables: list[_Table] = field(default_factory=list)


def render(source: Source, options: Options) -> Iterator[Entry]:
    media = source.media if options.flag("media") else {}
    linked = {
        row["item_id"]: f"media/{source.media_name(row['item_id'])}"
        for row in source.items
        if row["item_id"] in media
    }
    files = {row["item_id"]: str(linked.get(row["item_id"], row["item_id"])) for row in source.items}
    database = _Database(source, len(source.raters) <= MOST_RATERS, files)
    _add_answers(database)
    _add_gold(database)
    if options.flag("traces"):
        _add_traces(database)
    if not database.tables:
        raise ViewRefusedError(f"audformat needs answers, labels or traces, and {source.ref} has none")
    for table in database.tables:
        yield csv_entry(f"db.{table.id}.csv", table.columns, table.rows)
    yield Entry("db.yaml", _header(database).encode())
    for item_id, path in linked.items():
        yield Entry(path, media[item_id])


def _id(name: str) -> str:
    return _ID.sub("_", name)


def _split_of(source: Source) -> dict[str, str]:
    return {row["item_id"]: row["split"] for row in source.items}


# --- answers about whole items --------------------------------------------------------------------------------


def _add_answers(database: _Database) -> None:
    by_scheme: dict[str, list[Answer]] = {}
    for answer in database.source.answers:
        by_scheme.setdefault(_id(answer.name), []).append(answer)
    split_of = _split_of(database.source)
    for scheme, answers in sorted(by_scheme.items()):
        database.schemes[scheme] = _scheme(database.source, answers[0])
        for split in database.source.splits:
            here = [answer for answer in answers if split_of[answer.item_id] == split]
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


def _wide_answers(database: _Database, scheme: str, split: str, answers: Sequence[Answer]) -> _Table:
    raters = sorted({answer.rater_id for answer in answers})
    cells = {(answer.item_id, answer.rater_id): answer.value for answer in answers}
    items = sorted({answer.item_id for answer in answers})
    rows = ([database.files[item], *(cells.get((item, rater)) for rater in raters)] for item in items)
    columns = {rater: {"scheme_id": scheme, "rater_id": rater} for rater in raters}
    header = {"type": "filewise", "split_id": split, "columns": columns}
    return _Table(f"{scheme}.{split}", header, ["file", *raters], rows)


def _long_answers(database: _Database, scheme: str, split: str, answers: Sequence[Answer]) -> _Table:
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
    return _Table(f"{scheme}.{split}", header, ["file", "rater", "number", scheme], rows, misc=True)


# --- gold of whole items --------------------------------------------------------------------------------------


def _add_gold(database: _Database) -> None:
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
                database.tables.append(_Table(f"{scheme}.{split}.{_GOLD}", header, ["file", scheme], rows))


def _gold_columns(database: _Database) -> Iterator[tuple[str, str]]:
    """Give scheme and column of the items table; a gold label that nobody's answer stands behind is a scheme too."""
    source = database.source
    for one in source.labelled:
        database.schemes.setdefault(_id(one.question), {"dtype": "str", "labels": list(one.labels)})
        yield _id(one.question), one.column
    for column in source.manifest.table("items").columns:
        if column.kind == "float" and f"{column.name}_sd" in source.manifest.table("items").kinds:
            limits = {"minimum": column.minimum, "maximum": column.maximum}
            known = {name: value for name, value in limits.items() if value is not None}
            database.schemes.setdefault(_id(column.name), {"dtype": "float", **known})
            yield _id(column.name), column.name


# --- traces ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Series:
    """One dimension of the traces of one question in one split."""

    scheme: str
    split: str
    dimension: str
    traces: Sequence[Trace]


def _add_traces(database: _Database) -> None:
    source = database.source
    for series in _series(source, source.rater_traces()):
        database.schemes[series.scheme] = _trace_scheme(source, series)
        database.tables.append((_wide_traces if database.wide else _long_traces)(database, series))
    for series in _series(source, source.all_gold_traces):
        database.schemes[series.scheme] = _trace_scheme(source, series)
        database.tables.append(_gold_traces(database, series))


def _series(source: Source, traces: Sequence[Trace]) -> list[_Series]:
    split_of = _split_of(source)
    found: dict[tuple[str, str, str], list[Trace]] = {}
    for trace in traces:
        for name in dimensions(trace):
            found.setdefault((trace.question, name, split_of[trace.item_id]), []).append(trace)
    order = [(question, name, split) for question, name, split in found]
    order.sort(key=lambda key: (key[0], key[1], source.splits.index(key[2])))
    return [_Series(_id(f"{key[0]}_{key[1]}"), key[2], key[1], found[key]) for key in order]


def _trace_scheme(source: Source, series: _Series) -> dict[str, Any]:
    limits = source.range_of(series.traces[0].question, series.dimension)
    return {"dtype": "float", **({"minimum": limits[0], "maximum": limits[1]} if limits else {})}


def _wide_traces(database: _Database, series: _Series) -> _Table:
    raters = sorted({column for found in by_item(series.traces).values() for column in rater_columns(found)})
    columns = {rater: {"scheme_id": series.scheme, **_rater(database, rater)} for rater in raters}
    return _segmented(database, series, f"{series.scheme}.{series.split}", columns, rater_columns)


def _gold_traces(database: _Database, series: _Series) -> _Table:
    methods = sorted({str(trace.method) for trace in series.traces})
    columns = {one: {"scheme_id": series.scheme, "description": f"fused by {one}"} for one in methods}
    return _segmented(database, series, f"{series.scheme}.{series.split}.{_GOLD}", columns, method_columns)


def _segmented(
    database: _Database,
    series: _Series,
    table: str,
    columns: Mapping[str, Mapping[str, str]],
    named: Callable[[Sequence[Trace]], Mapping[str, Trace]],
) -> _Table:
    def rows() -> Iterator[list[Any]]:
        for item_id, found in by_item(series.traces).items():
            values = {name: samples(trace.series[series.dimension]) for name, trace in named(found).items()}
            for at, (start, end) in enumerate(_intervals(max(found, key=len))):
                cells = (values[name][at] if at < len(values.get(name, ())) else None for name in columns)
                yield [database.files[item_id], start, end, *cells]

    header = {"type": "segmented", "split_id": series.split, "columns": columns}
    return _Table(table, header, ["file", "start", "end", *columns], rows())


def _rater(database: _Database, column: str) -> dict[str, str]:
    return {"rater_id": column} if column in database.source.raters else {}


def _long_traces(database: _Database, series: _Series) -> _Table:
    def rows() -> Iterator[list[Any]]:
        for item_id, found in by_item(series.traces).items():
            for rater, trace in rater_columns(found).items():
                values = samples(trace.series[series.dimension])
                for value, (start, end) in zip(values, _intervals(trace), strict=True):
                    yield [database.files[item_id], rater, start, end, value]

    header = {
        "levels": {"file": "str", "rater": "str", "start": "time", "end": "time"},
        "split_id": series.split,
        "columns": {series.scheme: {"scheme_id": series.scheme}},
    }
    columns = ["file", "rater", "start", "end", series.scheme]
    return _Table(f"{series.scheme}.{series.split}", header, columns, rows(), misc=True)


def _intervals(trace: Trace) -> Iterator[tuple[str, str]]:
    """Give start and end of each sample as pandas writes a time span."""
    edges = [round((trace.t0_s + at / trace.rate_hz) * _US) for at in range(len(trace) + 1)]
    texts = [_time_text(edge) for edge in edges]
    yield from pairwise(texts)


def _time_text(us: int) -> str:
    seconds, fraction = divmod(us, _US)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    return f"{days} days {hour:02d}:{minute:02d}:{second:02d}.{fraction:06d}"


# --- header ---------------------------------------------------------------------------------------------------


def _header(database: _Database) -> str:
    source = database.source
    manifest = source.manifest
    machines = source.simulated_raters
    told: dict[str, Any] = {
        "name": manifest.name,
        "source": f"{manifest.ref} {manifest.digest}",
        "usage": "other",
        "license": manifest.licence or "other",
    }
    if database.wide:
        told["raters"] = {
            rater: {"type": "machine" if rater in machines else "human"} for rater in source.raters
        }
    told["schemes"] = dict(sorted(database.schemes.items()))
    told["splits"] = {split: {"type": _SPLIT_TYPES.get(split, "other")} for split in source.splits}
    for key, misc in (("tables", False), ("misc_tables", True)):
        found = {table.id: table.header for table in database.tables if table.misc is misc}
        if found:
            told[key] = found
    return "".join(_yaml(key, value) for key, value in told.items())


def _yaml(key: str, value: Any) -> str:
    """Write an entry as YAML: members of a mapping on a line each, in the flow style that JSON is."""
    if not isinstance(value, dict):
        return f"{key}: {json.dumps(value, ensure_ascii=False)}\n"
    members = (
        f"  {json.dumps(name)}: {json.dumps(member, ensure_ascii=False)}\n" for name, member in value.items()
    )
    return f"{key}:\n{''.join(members)}"


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
