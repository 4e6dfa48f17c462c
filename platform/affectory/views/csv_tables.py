"""CSV: one file per table of the release, traces in long form, and what each column means."""

import io
import json
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from affectory.release.manifest import TableRecord
from affectory.views.contract import Entry, Option, Options, View
from affectory.views.source import Source
from affectory.views.texts import csv_entry

# Tables whose list columns are samples or events over time; elsewhere a list is one value, such as votes.
_OVER_TIME = frozenset({"traces", "gold_traces", "traces_raw"})
_TRACES_PER_PIECE = 500
_TIME_DECIMALS = 6


def render(source: Source, options: Options) -> Iterator[Entry]:
    chosen = options.names("tables") or tuple(table.name for table in source.manifest.tables)
    tables = [source.manifest.table(name) for name in chosen]
    yield csv_entry(
        "columns.csv",
        ("table", "column", "kind", "unit", "minimum", "maximum", "description", "source"),
        (
            (table.name, one.name, one.kind, one.unit, one.minimum, one.maximum, one.description, one.source)
            for table in tables
            for one in table.columns
        ),
    )
    for record in tables:
        table = source.table(record.name)
        if record.name in _OVER_TIME:
            yield Entry(f"{record.name}_samples.csv", _pieces(_long_parts(table, record)))
            table = table.select([name for name in table.column_names if not _is_list(table, name)])
        yield Entry(f"{record.name}.csv", _pieces([_with_lists_as_json(table)]))


def _is_list(table: pa.Table, name: str) -> bool:
    return bool(pa.types.is_list(table.schema.field(name).type))


def _long_parts(table: pa.Table, record: TableRecord) -> Iterator[pa.Table]:
    for start in range(0, max(table.num_rows, 1), _TRACES_PER_PIECE):
        yield _long(table.slice(start, _TRACES_PER_PIECE).combine_chunks(), record)


def _long(table: pa.Table, record: TableRecord) -> pa.Table:
    """Give one row per sample: primary key, media time where the rate is fixed, the members of the lists."""
    lists = {name: _one_array(table.column(name)) for name in table.column_names if _is_list(table, name)}
    lengths = {name: pc.fill_null(pc.list_value_length(array), 0).to_numpy() for name, array in lists.items()}
    rows = np.max(list(lengths.values()), axis=0) if lists else np.zeros(table.num_rows, dtype=np.int64)
    row = np.repeat(np.arange(table.num_rows), rows)
    place = np.arange(len(row)) - np.repeat(np.cumsum(rows) - rows, rows)
    columns = {name: table.column(name).take(pa.array(row)) for name in record.primary_key}
    if "rate_hz" in table.column_names:
        rate, start = (table.column(name).to_numpy()[row] for name in ("rate_hz", "t0_s"))
        columns["t_s"] = pa.array(np.round(start + place / rate, _TIME_DECIMALS))
    for name, array in lists.items():
        first = (np.cumsum(lengths[name]) - lengths[name])[row]
        index = pa.array(first + place, mask=place >= lengths[name][row])
        columns[name] = array.flatten().take(index)
    return pa.table(columns)


def _one_array(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _with_lists_as_json(table: pa.Table) -> pa.Table:
    for at, name in enumerate(table.column_names):
        if _is_list(table, name):
            texts = [
                None if value is None else json.dumps(value, ensure_ascii=False)
                for value in table[name].to_pylist()
            ]
            table = table.set_column(at, name, pa.array(texts, pa.string()))
    return table


def _pieces(parts: Iterator[pa.Table] | list[pa.Table]) -> Iterator[bytes]:
    for number, part in enumerate(parts):
        out = io.BytesIO()
        pacsv.write_csv(part, out, pacsv.WriteOptions(include_header=number == 0))
        yield out.getvalue()


VIEW = View(
    name="csv",
    summary="one tidy CSV file per table, traces with one row per sample, columns.csv says what each means",
    loses="types (they are in columns.csv) and media",
    opened_by="pandas, R, spreadsheets",
    render=render,
    options=(Option("tables", "only these tables, with commas between them"),),
)
