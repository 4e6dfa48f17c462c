"""One part of a table to Parquet files whose bytes depend on nothing but the rows and the pinned writer.

What would make bytes differ is fixed here: rows in primary-key order, row groups cut at fixed rows however
the caller's batches are cut, one chunk per column, fixed encodings, no pandas or Arrow metadata.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from affectory.release.digests import PartHasher, kinds_of
from affectory.release.errors import TableError
from affectory.release.manifest import FileRecord, PartRecord
from affectory.release.tables import Column, TableSpec

PROFILE = "parquet-1: zstd-3, fixed row groups, dictionary on text only"
Rows: TypeAlias = "pa.RecordBatch | pa.Table | Mapping[str, Any]"
FloatArray: TypeAlias = "npt.NDArray[np.floating[Any]]"

_ROWS_PER_BATCH = 4_096
_FILE_ROWS = 4_194_304
_ROUNDED_AT_ONCE = 16_384
# A row group of traces is also closed once it holds this many list members, so that hour-long traces fit in
# memory.
_GROUP_MEMBERS = 4_194_304


class PartWriter:
    """Writes one part and makes its digest on the way. Memory: two row groups."""

    def __init__(self, folder: Path, spec: TableSpec, part: str, *, file_rows: int = _FILE_ROWS) -> None:
        self._spec = spec
        self._part = part
        self._folder = folder / spec.name
        self._schema = spec.schema
        self._file_rows = file_rows
        self._hasher = PartHasher(kinds_of(self._schema), spec.primary_key)
        self._checker = _Checker(spec, part)
        self._pending: list[pa.Table] = []
        self._pending_rows = 0
        self._files: list[Path] = []
        self._writer: pq.ParquetWriter | None = None
        self._rows_in_file = 0
        self._pool = ThreadPoolExecutor(max_workers=2)
        self._working: list[Future[None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()
        if self._writer is not None:
            self._writer.close()

    def write(self, rows: Iterable[Rows]) -> None:
        for table in _tables(rows, self._spec):
            checked = self._checker.check(table)
            if checked.num_rows:
                self._pending.append(checked)
                self._pending_rows += checked.num_rows
            while self._pending_rows >= self._spec.row_group_rows or self._too_many_members():
                self._write_group()

    def finish(self) -> tuple[PartRecord, tuple[FileRecord, ...]]:
        """Write what is left; return the part with its files under their final names."""
        while self._pending_rows or not self._files:
            self._write_group()
        self._wait()
        self._close_file()
        return self._hasher.record(self._part), tuple(self._named_files())

    def _too_many_members(self) -> bool:
        return sum(_members(table) for table in self._pending) >= _GROUP_MEMBERS

    def _write_group(self) -> None:
        """Take one row group off the pending rows; its bytes and its digest are made while the next is read."""
        # One group at a time is held twice: what was written is let go before the next is put together.
        self._wait()
        group = self._next_group()
        if self._writer is None or self._rows_in_file + group.num_rows > self._file_rows:
            self._open_file()
        self._rows_in_file += group.num_rows
        self._working = [self._pool.submit(work, group) for work in (self._write_bytes, self._hasher.add)]

    def _next_group(self) -> pa.Table:
        """Return the rows of a group as one piece; the pieces that it was put together from are let go."""
        pending = pa.concat_tables(self._pending) if self._pending else self._schema.empty_table()
        rows = min(self._spec.row_group_rows, _rows_within(pending, _GROUP_MEMBERS))
        columns, rest = pending.slice(0, rows).columns, pending.slice(rows)
        self._pending = [rest] if rest.num_rows else []
        self._pending_rows = rest.num_rows
        del pending
        for at in range(len(columns)):
            columns[at] = columns[at].combine_chunks()
        return pa.Table.from_arrays(columns, schema=self._schema)

    def _write_bytes(self, group: pa.Table) -> None:
        assert self._writer is not None  # noqa: S101  # opened by _write_group
        self._writer.write_table(group, row_group_size=max(group.num_rows, 1))

    def _wait(self) -> None:
        for work in self._working:
            work.result()
        self._working = []

    def _open_file(self) -> None:
        self._close_file()
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f".{self._part}-{len(self._files):05d}.writing"
        self._writer = pq.ParquetWriter(path, self._schema, **writer_options(self._schema))
        self._files.append(path)
        self._rows_in_file = 0

    def _close_file(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _named_files(self) -> Iterator[FileRecord]:
        total = len(self._files)
        for number, path in enumerate(self._files):
            final = path.with_name(f"{self._part}-{number:05d}-of-{total:05d}.parquet")
            path.replace(final)
            yield FileRecord(
                path=f"{self._spec.name}/{final.name}",
                sha256=file_sha256(final),
                bytes=final.stat().st_size,
                rows=pq.read_metadata(final).num_rows,
                table=self._spec.name,
                part=self._part,
            )


def writer_options(schema: pa.Schema) -> dict[str, Any]:
    """Return the fixed options of the Parquet writer for `schema`."""
    leaves = [leaf for field in schema for leaf in _leaves(field.name, field.type)]
    return {
        "version": "2.6",
        "compression": "zstd",
        "compression_level": 3,
        "use_dictionary": [path for path, type_ in leaves if _is_text(type_)],
        "column_encoding": {path: _encoding(path, type_) for path, type_ in leaves if not _is_text(type_)},
        "write_statistics": [path for path, _ in leaves if "." not in path],
        "store_schema": False,
    }


def file_sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _leaves(path: str, type_: pa.DataType) -> Iterator[tuple[str, pa.DataType]]:
    if pa.types.is_struct(type_):
        for field in type_:
            yield from _leaves(f"{path}.{field.name}", field.type)
    elif pa.types.is_list(type_) or pa.types.is_large_list(type_) or pa.types.is_fixed_size_list(type_):
        yield from _leaves(f"{path}.list.element", type_.value_type)
    else:
        yield path, type_


def _is_text(type_: pa.DataType) -> bool:
    texts = (pa.types.is_string, pa.types.is_large_string, pa.types.is_dictionary)
    return any(test(type_) for test in texts)


def _encoding(path: str, type_: pa.DataType) -> str:
    """Return the encoding of a leaf: rounded traces compress best plain, whole numbers as differences."""
    if pa.types.is_floating(type_) and "." not in path:
        return "BYTE_STREAM_SPLIT"
    if pa.types.is_integer(type_) or pa.types.is_timestamp(type_):
        return "DELTA_BINARY_PACKED"
    return "PLAIN"


def _members(table: pa.Table) -> int:
    return sum(len(chunk.flatten()) for column in _list_columns(table) for chunk in column.chunks)


def _rows_within(table: pa.Table, members: int) -> int:
    """Return after how many rows `table` holds `members` list members (at least 1 row)."""
    columns = [pc.fill_null(pc.list_value_length(column), 0).to_numpy() for column in _list_columns(table)]
    if not columns:
        return int(table.num_rows)
    held = np.cumsum(np.sum(columns, axis=0, dtype=np.int64))
    return int(np.searchsorted(held, members)) + 1


def _list_columns(table: pa.Table) -> list[pa.ChunkedArray]:
    return [column for column in table.columns if pa.types.is_list(column.type)]


def _tables(rows: Iterable[Rows], spec: TableSpec) -> Iterator[pa.Table]:
    """Give the caller's batches, and single rows gathered into batches, as tables of the declared schema."""
    # Rows of long lists are large as Python objects: few of them at a time.
    size = min(_ROWS_PER_BATCH, max(spec.row_group_rows // 8, 1))
    gathered: list[Mapping[str, Any]] = []
    for entry in rows:
        if isinstance(entry, Mapping):
            gathered.append(entry)
            if len(gathered) == size:
                yield _table_of_rows(gathered, spec)
                gathered = []
        else:
            yield _cast(pa.Table.from_batches([entry]) if isinstance(entry, pa.RecordBatch) else entry, spec)
    if gathered:
        yield _table_of_rows(gathered, spec)


def _table_of_rows(rows: list[Mapping[str, Any]], spec: TableSpec) -> pa.Table:
    names = [column.name for column in spec.columns]
    values = _values_by_column(rows, names, spec)
    columns = [_column_of_values(values[column.name], column, spec) for column in spec.columns]
    return pa.Table.from_arrays(columns, names=names)


def _values_by_column(
    rows: list[Mapping[str, Any]], names: list[str], spec: TableSpec
) -> dict[str, Sequence[Any]]:
    first = tuple(rows[0])
    if set(first) == set(names) and all(tuple(row) == first for row in rows):
        # The usual case, rows made by one expression, without a look-up for every cell.
        return dict(zip(first, zip(*(row.values() for row in rows), strict=True), strict=True))
    declared = set(names)
    for row in rows:
        _check_names(set(row), declared, spec, missing_allowed=True)
    return {name: [row.get(name) for row in rows] for name in names}


def _column_of_values(values: Sequence[Any], column: Column, spec: TableSpec) -> pa.Array:
    try:
        return pa.array(values, column.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
        raise TableError(f"table {spec.name}, column {column.name}: {error}") from error


def _cast(table: pa.Table, spec: TableSpec) -> pa.Table:
    names = {column.name for column in spec.columns}
    _check_names(set(table.column_names), names, spec, missing_allowed=False)
    columns = []
    for column in spec.columns:
        try:
            columns.append(table.column(column.name).cast(column.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise TableError(f"table {spec.name}, column {column.name}: {error}") from error
    return pa.Table.from_arrays(columns, names=[column.name for column in spec.columns])


def _check_names(found: set[str], declared: set[str], spec: TableSpec, *, missing_allowed: bool) -> None:
    if found - declared:
        raise TableError(f"table {spec.name}: column {min(found - declared)!r} is not declared")
    if declared - found and not missing_allowed:
        raise TableError(f"table {spec.name}: column {min(declared - found)!r} is missing")


class _Checker:
    """Refuses rows that would make a release wrong, and rounds floats to their declared resolution."""

    def __init__(self, spec: TableSpec, part: str) -> None:
        self._spec = spec
        self._required = [field.name for field in spec.schema if not field.nullable]
        self._order = KeyOrder(spec.name, part, spec.primary_key)

    def check(self, table: pa.Table) -> pa.Table:
        for name in self._required:
            if table.column(name).null_count:
                raise TableError(
                    f"table {self._spec.name}, column {name}: a value is missing where one is required"
                )
        columns = [self._checked(column, table.column(column.name)) for column in self._spec.columns]
        checked = pa.Table.from_arrays(columns, schema=self._spec.schema)
        self._order.check(checked)
        return checked

    def _checked(self, column: Column, values: pa.ChunkedArray) -> pa.ChunkedArray:
        rounded = pa.chunked_array([_rounded(chunk, column.decimals) for chunk in values.chunks], column.type)
        if not all(_is_finite(chunk) for chunk in rounded.chunks):
            raise TableError(
                f"table {self._spec.name}, column {column.name}: NaN or infinity; "
                "write a missing value as null"
            )
        return rounded


class KeyOrder:
    """Checks, batch after batch, that the rows of a part are unique and sorted by the primary key."""

    def __init__(self, table: str, part: str, primary_key: tuple[str, ...]) -> None:
        self._where = f"table {table}, part {part}"
        self._primary_key = primary_key
        self._last: pa.Table | None = None

    def check(self, table: pa.Table) -> None:
        keys = table.select(self._primary_key)
        if self._last is not None:
            keys = pa.concat_tables([self._last, keys])
        at = _first_disorder(keys)
        if at is not None:
            raise TableError(
                f"{self._where}: {_key_text(keys, at + 1)} comes after {_key_text(keys, at)}; "
                f"rows must be unique and sorted by {', '.join(self._primary_key)} "
                '(text by code point: COLLATE "C" in PostgreSQL)'
            )
        if keys.num_rows:
            self._last = keys.slice(keys.num_rows - 1)


def _key_text(keys: pa.Table, at: int) -> str:
    return str(tuple(keys.slice(at, 1).to_pylist()[0].values()))


def _first_disorder(keys: pa.Table) -> int | None:
    """Return the first row whose key is not below that of the next row."""
    rising = np.zeros(max(keys.num_rows - 1, 0), dtype=bool)
    equal_so_far = np.ones_like(rising)
    for column in keys.columns:
        if not equal_so_far.any():
            break
        values = column.combine_chunks()
        before, after = values.slice(0, len(rising)), values.slice(1)
        rising |= equal_so_far & pc.less(before, after).to_numpy(zero_copy_only=False)
        equal_so_far &= pc.equal(before, after).to_numpy(zero_copy_only=False)
    wrong = np.flatnonzero(~rising)
    return int(wrong[0]) if len(wrong) else None


def _rounded(array: pa.Array, decimals: int | None) -> pa.Array:
    if decimals is None or not len(array):
        return array
    if pa.types.is_list(array.type):
        compact = pa.concat_arrays([array, array.slice(0, 0)]) if array.offset else array
        values = _rounded(compact.values, decimals)
        missing = compact.is_null() if compact.null_count else None
        return pa.ListArray.from_arrays(compact.offsets, values, type=array.type, mask=missing)
    values = array.fill_null(0.0) if array.null_count else array
    exact = _rounded_numbers(values.to_numpy(zero_copy_only=False), 10.0**decimals)
    missing = array.is_null().to_numpy(zero_copy_only=False) if array.null_count else None
    return pa.array(exact, array.type, mask=missing)


def _rounded_numbers(values: FloatArray, scale: float) -> FloatArray:
    """Piece by piece, so that what lies between stays in the processor's cache."""
    rounded = np.empty_like(values)
    for at in range(0, len(values), _ROUNDED_AT_ONCE):
        piece = values[at : at + _ROUNDED_AT_ONCE].astype(np.float64)
        piece *= scale
        np.rint(piece, out=piece)
        piece /= scale
        rounded[at : at + _ROUNDED_AT_ONCE] = piece
    return rounded


def _is_finite(array: pa.Array) -> bool:
    if pa.types.is_list(array.type):
        return _is_finite(array.flatten())
    if not pa.types.is_floating(array.type):
        return True
    return bool(pc.all(pc.is_finite(array), min_count=0).as_py())
