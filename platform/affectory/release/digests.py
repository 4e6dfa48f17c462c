"""Value digests: rows, parts, tables.

- A row digest is the SHA-256 of the table's header digest and the row's canonical bytes.
- A part digest is the SHA-256 over the row digests in primary-key order, so it does not depend on the order
in
  which rows arrive, on chunks, on files or on the Arrow types; it can be made while streaming, and anybody
  who holds the row digests of a withdrawn release can prove that its successor is that release minus the
  erased rows.
- A table digest is made from the header and the part digests.
"""

import hashlib
from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from affectory.release.encoding import encode_rows, kind_of
from affectory.release.manifest import WHOLE, PartRecord, canonical_json, sha256_hex

ROW_DIGEST_BYTES = 32
RowDigests = npt.NDArray[np.bytes_]

# Rows are encoded in slices, so that a long table never stands in memory twice.
_SLICE_ROWS = 65_536


def table_header(kinds: Mapping[str, str], primary_key: tuple[str, ...]) -> bytes:
    """Return what row digests are bound to: the columns, their kinds and the key."""
    return canonical_json({"columns": dict(kinds), "primary_key": list(primary_key)})


def kinds_of(schema: pa.Schema) -> dict[str, str]:
    return {field.name: kind_of(field.type, field.name) for field in schema}


class RowHasher:
    """Row digests of one table, a batch at a time."""

    def __init__(self, kinds: Mapping[str, str], primary_key: tuple[str, ...]) -> None:
        self._columns = list(kinds)
        self._seed = hashlib.sha256(hashlib.sha256(table_header(kinds, primary_key)).digest())

    def digest(self, batch: pa.Table | pa.RecordBatch) -> bytes:
        """Return the row digests of `batch`, 32 bytes each, joined."""
        rows = encode_rows(batch, self._columns)
        if not len(rows):
            return b""
        content = memoryview(rows.buffers()[2] or b"")
        ends = np.frombuffer(rows.buffers()[1], dtype=np.int64)[: len(rows) + 1].tolist()
        digests = []
        seed = self._seed
        for begin, end in pairwise(ends):
            row = seed.copy()
            row.update(content[begin:end])
            digests.append(row.digest())
        return b"".join(digests)


class PartHasher:
    """The digest of one table part, from its rows in primary-key order."""

    def __init__(self, kinds: Mapping[str, str], primary_key: tuple[str, ...]) -> None:
        self._hasher = RowHasher(kinds, primary_key)
        self._root = hashlib.sha256()
        self._rows = 0

    def add(self, batch: pa.Table | pa.RecordBatch) -> None:
        self._root.update(self._hasher.digest(batch))
        self._rows += batch.num_rows

    def record(self, name: str) -> PartRecord:
        return PartRecord(name=name, rows=self._rows, digest=self._root.hexdigest())


def table_digest(
    kinds: Mapping[str, str], primary_key: tuple[str, ...], parts: tuple[PartRecord, ...]
) -> str:
    """Return the digest of a whole table. Empty parts count as absent."""
    held = sorted([part.name, part.rows, part.digest] for part in parts if part.rows)
    return sha256_hex(canonical_json({"header": table_header(kinds, primary_key).decode(), "parts": held}))


def row_digests(
    table: pa.Table, primary_key: tuple[str, ...], columns: list[str] | None = None
) -> RowDigests:
    """Return the row digests of `table` in its own row order, shape (rows,), dtype S32.

    With `columns`, only these are looked at (they must hold the primary key): the digests that a release with
    exactly these columns would have. NumPy drops trailing zero bytes of an S32 when it gives out an element;
    comparing, sorting and joining whole arrays is safe.
    """
    kept = table.select(columns) if columns is not None else table
    hasher = RowHasher(kinds_of(kept.schema), primary_key)
    content = b"".join(
        hasher.digest(kept.slice(at, _SLICE_ROWS)) for at in range(0, kept.num_rows, _SLICE_ROWS)
    )
    return np.frombuffer(content, dtype=f"S{ROW_DIGEST_BYTES}")


def part_digest(table: pa.Table, primary_key: tuple[str, ...], name: str = WHOLE) -> PartRecord:
    """Return the part digest of a table in memory, in whatever order its rows are."""
    keys = pa.table({name: _sortable(table.column(name)) for name in primary_key})
    order = pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in primary_key])
    ordered = row_digests(table, primary_key)[order.to_numpy()]
    return PartRecord(name=name, rows=table.num_rows, digest=hashlib.sha256(ordered.tobytes()).hexdigest())


def _sortable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a key column in a type that Arrow can sort: it cannot sort dictionaries and views of text."""
    return column.cast(pa.large_string()) if kind_of(column.type, "key") == "text" else column
