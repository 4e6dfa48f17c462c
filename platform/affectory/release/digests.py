"""Value digests: rows, parts, tables.

- A row digest is the SHA-256 of the row's canonical bytes.
- A part digest is the SHA-256 over the table's header (columns, kinds, key) and the row digests in
primary-key order.
  It does not depend on the order in which rows arrive, on chunks, on files or on the Arrow types; it can be
  made while streaming; and whoever holds the row digests of a withdrawn release can prove that its successor
  is that release minus the erased rows.
- A table digest is made from the header and the part digests.
"""

import hashlib
from collections.abc import Mapping
from io import BytesIO
from itertools import chain

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from affectory.release.encoding import encode_rows, kind_of
from affectory.release.manifest import WHOLE, PartRecord, canonical_json, sha256_hex

ROW_DIGEST_BYTES = 32
RowDigests = npt.NDArray[np.bytes_]

# Rows are encoded in slices that stay in the processor's cache, also those of long lists.
_SLICE_ROWS = 8_192
_SLICE_BYTES = 1 << 20


def table_header(kinds: Mapping[str, str], primary_key: tuple[str, ...]) -> bytes:
    """Return what part digests are bound to: the columns, their kinds and the key."""
    return canonical_json({"columns": dict(kinds), "primary_key": list(primary_key)})


def kinds_of(schema: pa.Schema) -> dict[str, str]:
    return {field.name: kind_of(field.type, field.name) for field in schema}


def _digests(batch: pa.Table | pa.RecordBatch, columns: list[str]) -> bytes:
    """Return the row digests of `batch`, 32 bytes each, joined."""
    rows = _rows_at_once(batch)
    slices = (batch.slice(at, rows) for at in range(0, batch.num_rows, rows))
    return b"".join(chain.from_iterable(_slice_digests(part, columns) for part in slices))


def _rows_at_once(batch: pa.Table | pa.RecordBatch) -> int:
    rows: int = batch.num_rows * _SLICE_BYTES // max(batch.nbytes, 1)
    return max(1, min(_SLICE_ROWS, rows))


def _slice_digests(batch: pa.Table | pa.RecordBatch, columns: list[str]) -> list[bytes]:
    rows = encode_rows(batch, columns)
    ends = np.frombuffer(rows.buffers()[1], dtype=np.int64)[: len(rows) + 1]
    # Reading on is quicker than slicing, and all of this is done once for every row.
    read, sha256 = BytesIO(rows.buffers()[2] or b"").read, hashlib.sha256
    return [sha256(read(length)).digest() for length in np.diff(ends).tolist()]


class PartHasher:
    """The digest of one table part, from its rows in primary-key order."""

    def __init__(self, kinds: Mapping[str, str], primary_key: tuple[str, ...]) -> None:
        self._columns = list(kinds)
        self._root = hashlib.sha256(sha256_hex(table_header(kinds, primary_key)).encode())
        self._rows = 0

    def add(self, batch: pa.Table | pa.RecordBatch) -> None:
        self._root.update(_digests(batch, self._columns))
        self._rows += batch.num_rows

    def add_digests(self, digests: RowDigests) -> None:
        """Add rows by their digests, in primary-key order."""
        self._root.update(digests.tobytes())
        self._rows += len(digests)

    def record(self, name: str) -> PartRecord:
        return PartRecord(name=name, rows=self._rows, digest=self._root.hexdigest())


def table_digest(
    kinds: Mapping[str, str], primary_key: tuple[str, ...], parts: tuple[PartRecord, ...]
) -> str:
    """Return the digest of a whole table. Empty parts count as absent."""
    held = sorted([part.name, part.rows, part.digest] for part in parts if part.rows)
    return sha256_hex(canonical_json({"header": table_header(kinds, primary_key).decode(), "parts": held}))


def row_digests(table: pa.Table, columns: list[str] | None = None) -> RowDigests:
    """Return the row digests of `table` in its own row order, shape (rows,), dtype S32.

    With `columns`, only these are looked at: the digests that a release with exactly these columns would
    have. NumPy drops trailing zero bytes of an S32 when it gives out an element; comparing, sorting and
    joining whole arrays is safe.
    """
    kept = table.select(columns) if columns is not None else table
    return np.frombuffer(_digests(kept, kept.column_names), dtype=f"S{ROW_DIGEST_BYTES}")


def part_digest(table: pa.Table, primary_key: tuple[str, ...], name: str = WHOLE) -> PartRecord:
    """Return the part digest of a table in memory, in whatever order its rows are."""
    keys = pa.table({column: _sortable(table.column(column)) for column in primary_key})
    order = pc.sort_indices(keys, sort_keys=[(column, "ascending") for column in primary_key])
    hasher = PartHasher(kinds_of(table.schema), primary_key)
    hasher.add_digests(row_digests(table)[order.to_numpy()])
    return hasher.record(name)


def _sortable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a key column in a type that Arrow can sort: it cannot sort dictionaries and views of text."""
    return column.cast(pa.large_string()) if kind_of(column.type, "key") == "text" else column
