"""Find the rows that only one of two versions of a table has, reading both side by side.

Both are sorted by primary key within each part, so this is a merge: blocks of rows are compared by their
canonical bytes, what is in both is dropped at once, and what can find no partner any more is put aside.
Memory holds a few blocks and the rows that differ.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from affectory.release.encoding import encode_rows
from affectory.release.folder import Contents
from affectory.release.manifest import TableRecord

RowNumbers = npt.NDArray[np.int64]

_BLOCK_ROWS = 65_536
_BLOCK_ROWS_OF_LISTS = 500
# When this many blocks of rows wait for a partner, hardly any will get one: they are put aside.
_WAITING_BLOCKS = 4


def left_over(
    old: Contents, new: Contents, record: TableRecord, columns: list[str]
) -> tuple[pa.Table, pa.Table]:
    """Return the rows of a table that only `old` has and those that only `new` has.

    `record` is the table as `old` describes it; rows are the same when they are the same over `columns`,
    which hold the primary key.
    """
    left = tuple([_empty(contents, record, columns)] for contents in (old, new))
    parts = {file.part for contents in (old, new) for file in contents.files if file.table == record.name}
    for part in sorted(part for part in parts if part is not None):
        streams = (_Stream(old, record, part, columns), _Stream(new, record, part, columns))
        for pair in _merged(*streams):
            for aside, table in zip(left, pair, strict=True):
                aside.append(table)
    # Rows that were put aside early, or stand in another part, may still be the same.
    return _without_same_rows(*(pa.concat_tables(tables) for tables in left))


def places(wanted: pa.Array, held: pa.Array) -> RowNumbers:
    """Return where each of `wanted` stands in `held`, -1 where it does not."""
    found = pc.index_in(wanted, value_set=held)
    return np.asarray(pc.fill_null(found, -1).to_numpy(zero_copy_only=False), dtype=np.int64)


class _Stream:
    """The rows of one part, a block at a time. `waiting` are rows that have not found a partner yet."""

    def __init__(self, contents: Contents, record: TableRecord, part: str, columns: list[str]) -> None:
        paths = [
            contents.root / file.path
            for file in contents.files
            if (file.table, file.part) == (record.name, part)
        ]
        has_lists = any(kind.startswith("list") for kind in record.kinds.values())
        self._blocks = _blocks(paths, columns, _BLOCK_ROWS_OF_LISTS if has_lists else _BLOCK_ROWS)
        self._key = record.primary_key[0]
        self.block_rows = _BLOCK_ROWS_OF_LISTS if has_lists else _BLOCK_ROWS
        self.waiting = _empty(contents, record, columns)
        self.front: pa.Scalar | None = None
        self.ended = False

    def read(self) -> None:
        """Take one more block in."""
        block = next(self._blocks, None)
        if block is None:
            self.ended = True
        elif block.num_rows:
            self.front = block.column(self._key)[-1]
            self.waiting = pa.concat_tables([self.waiting, block])

    def is_behind(self, other: "_Stream") -> bool:
        if self.ended or other.ended or self.front is None or other.front is None:
            return not self.ended
        return bool(pc.less_equal(self.front, other.front).as_py())

    def without_partner(self, other: "_Stream") -> pa.Table:
        """Take out the waiting rows whose partner the other stream would have given by now."""
        if other.ended:
            taken, self.waiting = self.waiting, self.waiting.slice(0, 0)
            return taken
        if other.front is None:
            return self.waiting.slice(0, 0)
        passed = pc.less(self.waiting.column(self._key), other.front)
        taken, self.waiting = self.waiting.filter(passed), self.waiting.filter(pc.invert(passed))
        return taken


def _merged(old: _Stream, new: _Stream) -> Iterator[tuple[pa.Table, pa.Table]]:
    while not (old.ended and new.ended):
        old_reads, new_reads = old.is_behind(new), new.is_behind(old)
        if old_reads:
            old.read()
        if new_reads:
            new.read()
        old.waiting, new.waiting = _without_same_rows(old.waiting, new.waiting)
        if old.waiting.num_rows + new.waiting.num_rows > _WAITING_BLOCKS * old.block_rows:
            yield old.waiting, new.waiting
            old.waiting, new.waiting = old.waiting.slice(0, 0), new.waiting.slice(0, 0)
        yield old.without_partner(new), new.without_partner(old)


def _without_same_rows(old: pa.Table, new: pa.Table) -> tuple[pa.Table, pa.Table]:
    if not old.num_rows or not new.num_rows:
        return old, new
    at_old = places(encode_rows(new, new.column_names), encode_rows(old, old.column_names))
    left_in_old = np.ones(old.num_rows, dtype=bool)
    left_in_old[at_old[at_old >= 0]] = False
    return old.filter(pa.array(left_in_old)), new.filter(pa.array(at_old < 0))


def _blocks(paths: list[Path], columns: list[str], rows: int) -> Iterator[pa.Table]:
    for path in paths:
        with pq.ParquetFile(path) as parquet:
            for batch in parquet.iter_batches(rows, columns=columns):
                yield pa.Table.from_batches([batch])


def _empty(contents: Contents, record: TableRecord, columns: list[str]) -> pa.Table:
    path = next(contents.root / file.path for file in contents.files if file.table == record.name)
    return pq.read_schema(path).empty_table().select(columns)
