"""The canonical bytes of a row.

Two rows have the same bytes exactly when they hold the same values, whatever Arrow calls their types: int8 or
int64, string, large_string or dictionary, list or large_list, microseconds or milliseconds. Everything is
done a column at a time, so a million rows cost about as much as writing them.

A row is laid out as its fixed-width cells, columns in name order, followed by the bytes of its text and list
cells in the same order. A fixed-width cell is one validity byte and eight bytes little-endian (zeros when
missing); for texts and lists these eight bytes are the length. A list is its members, each encoded as a row
of one column.
"""

from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from affectory.release.errors import TableError

Bytes2D = npt.NDArray[np.uint8]
Eights = npt.NDArray[Any]  # eight bytes a cell: int64 or float64
_CELL_BYTES = 9


@dataclass(frozen=True)
class _Encoded:
    """`fixed`: shape (rows, width). `tails`: one large_binary array per variable-width cell, in order."""

    fixed: Bytes2D
    tails: tuple[pa.Array, ...]


def kind_of(type_: pa.DataType, where: str) -> str:
    """Return the value kind of an Arrow type: how its values are compared, not how they are stored.

    >>> kind_of(pa.large_list(pa.float32()), "x") == kind_of(pa.list_(pa.float64()), "x") == "list<float>"
    True
    """
    if pa.types.is_dictionary(type_):
        return kind_of(type_.value_type, where)
    for kind, matches in _SCALAR_KINDS.items():
        if any(test(type_) for test in matches):
            return kind
    if pa.types.is_timestamp(type_):
        return "instant" if type_.tz else "local time"
    if _is_list(type_):
        return f"list<{kind_of(type_.value_type, where)}>"
    if pa.types.is_struct(type_):
        fields = sorted((field.name, kind_of(field.type, where)) for field in type_)
        return "struct<" + ",".join(f"{name}:{kind}" for name, kind in fields) + ">"
    raise TableError(f"{where}: the type {type_} has no place in a release")


def encode_rows(table: pa.Table | pa.RecordBatch, columns: list[str]) -> pa.Array:
    """Return the canonical bytes of each row over `columns` as one large_binary array.

    `columns` are taken in name order. The table should be small enough to hold twice in memory.
    """
    encoded = [_encode(_one_chunk(table.column(name)), name) for name in sorted(columns)]
    return _join(encoded, table.num_rows)


def _one_chunk(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _is_list(type_: pa.DataType) -> bool:
    tests = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    return any(test(type_) for test in tests)


_SCALAR_KINDS = {
    "bool": (pa.types.is_boolean,),
    "int": (pa.types.is_integer,),
    "float": (pa.types.is_floating,),
    "text": (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view),
    "bytes": (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary),
    "date": (pa.types.is_date,),
}


def _encode(array: pa.Array, where: str) -> _Encoded:
    kind = kind_of(array.type, where)
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if kind.startswith("struct"):
        return _encode_struct(array, where)
    if kind.startswith("list"):
        return _encode_list(array, where)
    if kind in {"text", "bytes"}:
        tail = _filled(array.cast(pa.large_string() if kind == "text" else pa.large_binary())).cast(
            pa.large_binary()
        )
        lengths = pc.binary_length(tail).to_numpy(zero_copy_only=False)
        return _Encoded(_cells(array, lengths), (tail,))
    return _Encoded(_cells(array, _scalars(array, kind)), ())


def _filled(texts: pa.Array) -> pa.Array:
    empty = "" if pa.types.is_large_string(texts.type) else b""
    return texts.fill_null(empty) if texts.null_count else texts


def _scalars(array: pa.Array, kind: str) -> Eights:
    """Return the eight bytes of each fixed-width cell, missing ones as zero."""
    if kind == "float":
        # + 0.0 turns the negative zero into the positive one; both compare equal.
        return _numpy(array.cast(pa.float64()), 0.0) + 0.0
    if kind == "instant":
        array = array.cast(pa.timestamp("us", tz="UTC"))
    elif kind == "local time":
        array = array.cast(pa.timestamp("us"))
    elif kind == "date":
        array = array.cast(pa.date32()).cast(pa.int32())
    return _numpy(array.cast(pa.int64()), 0)


def _numpy(array: pa.Array, missing: float) -> Eights:
    filled = array.fill_null(missing) if array.null_count else array
    eights: Eights = filled.to_numpy(zero_copy_only=False)
    return eights


def _cells(array: pa.Array, eight: Eights) -> Bytes2D:
    cells = np.empty((len(array), _CELL_BYTES), dtype=np.uint8)
    cells[:, 0] = _validity(array)
    little = np.ascontiguousarray(eight, dtype=eight.dtype.newbyteorder("<"))
    cells[:, 1:] = little.view(np.uint8).reshape(len(array), 8)
    return cells


def _validity(array: pa.Array) -> npt.NDArray[np.uint8] | int:
    if not array.null_count:
        return 1
    valid: npt.NDArray[np.uint8] = array.is_valid().cast(pa.uint8()).to_numpy(zero_copy_only=False)
    return valid


def _encode_struct(array: pa.StructArray, where: str) -> _Encoded:
    names = [field.name for field in array.type]
    children = dict(zip(names, array.flatten(), strict=True))
    encoded = [_encode(children[name], f"{where}.{name}") for name in sorted(names)]
    own = np.zeros((len(array), 1), dtype=np.uint8)
    own[:, 0] = _validity(array)
    return _Encoded(
        np.hstack([own, *(child.fixed for child in encoded)]),
        tuple(chain.from_iterable(child.tails for child in encoded)),
    )


def _encode_list(array: pa.Array, where: str) -> _Encoded:
    lengths = _numpy(pc.list_value_length(array).cast(pa.int64()), 0)
    members = array.flatten()
    rows = _join([_encode(members, f"{where}[]")], len(members))
    row_ends = _offsets(rows)
    list_ends = np.concatenate([[0], np.cumsum(lengths)])
    return _Encoded(_cells(array, lengths), (_binary(row_ends[list_ends], rows.buffers()[2]),))


def _join(encoded: list[_Encoded], rows: int) -> pa.Array:
    fixed = encoded[0].fixed if len(encoded) == 1 else np.hstack([part.fixed for part in encoded])
    offsets = np.arange(rows + 1, dtype=np.int64) * fixed.shape[1]
    head = _binary(offsets, pa.py_buffer(np.ascontiguousarray(fixed)))
    tails = list(chain.from_iterable(part.tails for part in encoded))
    if not tails:
        return head
    return pc.binary_join_element_wise(head, *tails, pa.scalar(b"", pa.large_binary()))


def _offsets(rows: pa.Array) -> npt.NDArray[np.int64]:
    """Return the row ends of a large_binary array that starts at its buffer's beginning."""
    if not len(rows):
        return np.zeros(1, dtype=np.int64)
    return np.frombuffer(rows.buffers()[1], dtype=np.int64)[rows.offset : rows.offset + len(rows) + 1]


def _binary(offsets: npt.NDArray[np.int64], content: pa.Buffer | None) -> pa.Array:
    buffers = [None, pa.py_buffer(np.ascontiguousarray(offsets)), content or pa.py_buffer(b"")]
    return pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(offsets) - 1, buffers)
