"""The labels of a release's items, in files: there are many to an item, and each is asked for once or twice."""

import weakref
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

import pyarrow as pa

from exports.services.source_items import ITEMS_AT_ONCE
from storage.facade import scratch_file


class _Stored:
    """Columns in a file, as pieces of so many items each."""

    def __init__(self, schema: pa.Schema, pieces: Iterable[pa.Table]) -> None:
        self.names: list[str] = schema.names
        self._file = scratch_file()
        # Whoever has read a release's source need not say when they are done with it.
        weakref.finalize(self, self._file.close)
        with pa.ipc.new_file(self._file, schema) as writer:
            for piece in pieces:
                writer.write_table(piece)

    def piece(self, number: int) -> pa.RecordBatch:
        return self._reader().get_batch(number)

    def column(self, name: str) -> pa.Array:
        reader = self._reader()
        pieces = (reader.get_batch(number).column(name) for number in range(reader.num_record_batches))
        # Copied, for each is a part of what was read with all columns.
        return pa.concat_arrays([pa.concat_arrays([one, one.slice(0, 0)]) for one in pieces])

    def _reader(self) -> pa.ipc.RecordBatchFileReader:
        return pa.ipc.open_file(self._file)


class Labels(Mapping[str, pa.Array]):
    """By name of a label column, its value for each item: a column is read when it is asked for."""

    def __init__(self, stored: Iterable[_Stored] = ()) -> None:
        self._stored = tuple(stored)
        self._of = {name: one for one in self._stored for name in one.names}

    def joined_by(self, pieces: Iterable[pa.Table]) -> "Labels":
        """The same with further columns, of which each piece has those of `ITEMS_AT_ONCE` items."""
        waiting = iter(pieces)
        first = next(waiting)
        if not first.num_columns:
            return self
        return Labels([*self._stored, _Stored(first.schema, chain([first], waiting))])

    def piece(self, number: int) -> pa.Table:
        """All columns of the items of a piece."""
        columns: dict[str, pa.Array] = {}
        for one in self._stored:
            batch = one.piece(number)
            columns |= dict(zip(one.names, batch.columns, strict=True))
        return pa.table(columns)

    def __getitem__(self, name: str) -> pa.Array:
        return self._of[name].column(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)


def in_pieces(columns: Mapping[str, pa.Array]) -> Iterator[pa.Table]:
    """Columns that are held, as `Labels` takes them."""
    table = pa.table(dict(columns))
    for start in range(0, max(table.num_rows, 1), ITEMS_AT_ONCE):
        yield table.slice(start, ITEMS_AT_ONCE)
