"""The canonical bytes of a row.

Two rows have the same bytes exactly when they hold the same values, whatever Arrow calls their types: int8 or
int64, string, large_string or dictionary, list or large_list, microseconds or milliseconds. Everything is
done a column at a time, so a million rows cost about as much as writing them.

A row is laid out as its validity bits, then eight bytes for each cell, little-endian (zeros when missing),
then the bytes of its text and list cells; columns always in name order. For texts and lists the eight bytes
are the length. A list is its members, each laid out as a row of one column; a struct is its fields, in name
order, after a cell of its own that says whether it is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from affectory.release.errors import TableError

Eights = npt.NDArray[Any]  # eight bytes a cell: int64 or float64


@dataclass(frozen=True)
class _Cells:
    """One fixed-width cell per row. `valid` None: all are; `eights` None: all zero."""

    valid: npt.NDArray[np.uint8] | None
    eights: Eights | None


@dataclass(frozen=True)
class _Encoded:
    """The cells of some columns, and one large_binary array per column of variable width, in order."""

    cells: tuple[_Cells, ...]
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
    return _join([_encode(_one_chunk(table.column(name)), name) for name in sorted(columns)], table.num_rows)


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
    if kind.startswith("struct"):
        return _encode_struct(array, where)
    if array.null_count == len(array):
        return _Encoded((_Cells(_validity(array), None),), ())
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if kind.startswith("list"):
        return _encode_list(array, where)
    if kind in {"text", "bytes"}:
        tail = array.cast(pa.large_string() if kind == "text" else pa.large_binary()).cast(pa.large_binary())
        return _Encoded((_Cells(_validity(array), _numpy(pc.binary_length(tail), 0)),), (tail,))
    return _Encoded((_Cells(_validity(array), _scalars(array, kind)),), ())


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


def _validity(array: pa.Array) -> npt.NDArray[np.uint8] | None:
    if not array.null_count:
        return None
    valid: npt.NDArray[np.uint8] = array.is_valid().cast(pa.uint8()).to_numpy(zero_copy_only=False)
    return valid


def _encode_struct(array: pa.StructArray, where: str) -> _Encoded:
    names = [field.name for field in array.type]
    children = dict(zip(names, array.flatten(), strict=True))
    encoded = [_encode(children[name], f"{where}.{name}") for name in sorted(names)]
    return _Encoded(
        (_Cells(_validity(array), None), *chain.from_iterable(child.cells for child in encoded)),
        tuple(chain.from_iterable(child.tails for child in encoded)),
    )


def _encode_list(array: pa.Array, where: str) -> _Encoded:
    lengths = _numpy(pc.list_value_length(array).cast(pa.int64()), 0)
    members = array.flatten()
    list_ends = np.concatenate([[0], np.cumsum(lengths)])
    tail = _joined_lists(_encode(members, f"{where}[]"), len(members), list_ends)
    return _Encoded((_Cells(_validity(array), lengths),), (tail,))


def _joined_lists(members: _Encoded, rows: int, list_ends: npt.NDArray[np.int64]) -> pa.Array:
    """Return the bytes of each list, its members one after the other."""
    if members.tails:
        joined = _join([members], rows)
        return _binary(_offsets(joined)[list_ends], joined.buffers()[2])
    # All members have the same length, so millions of them need no offset each.
    fixed = _fixed(members.cells, rows)
    return _binary(list_ends * fixed.itemsize, pa.py_buffer(fixed))


def _join(encoded: list[_Encoded], rows: int) -> pa.Array:
    fixed = _fixed(list(chain.from_iterable(part.cells for part in encoded)), rows)
    head = _binary(np.arange(rows + 1, dtype=np.int64) * fixed.itemsize, pa.py_buffer(fixed))
    tails = list(chain.from_iterable(part.tails for part in encoded))
    if not tails:
        return head
    separator = pa.scalar(b"", pa.large_binary())
    return pc.binary_join_element_wise(head, *tails, separator, null_handling="replace", null_replacement="")


def _fixed(cells: Sequence[_Cells], rows: int) -> npt.NDArray[np.void]:
    """Return the validity bits and the eight bytes of all cells, one record per row."""
    masks = [f"mask{number}" for number in range((len(cells) + 7) // 8)]
    eights = [f"cell{number}" for number in range(len(cells))]
    fixed = np.zeros(rows, dtype=[*((mask, "u1") for mask in masks), *((cell, "<i8") for cell in eights)])
    for number, mask in enumerate(masks):
        fixed[mask] = _validity_bits(cells[8 * number : 8 * number + 8], rows)
    for name, cell in zip(eights, cells, strict=True):
        if cell.eights is not None:
            fixed[name] = cell.eights.view(np.int64)
    return fixed


def _validity_bits(cells: Sequence[_Cells], rows: int) -> npt.NDArray[np.uint8]:
    bits = np.full(rows, sum(1 << place for place, cell in enumerate(cells) if cell.valid is None), np.uint8)
    for place, cell in enumerate(cells):
        if cell.valid is not None:
            bits |= cell.valid << np.uint8(place)
    return bits


def _offsets(rows: pa.Array) -> npt.NDArray[np.int64]:
    """Return the row ends of a large_binary array that starts at its buffer's beginning."""
    if not len(rows):
        return np.zeros(1, dtype=np.int64)
    return np.frombuffer(rows.buffers()[1], dtype=np.int64)[rows.offset : rows.offset + len(rows) + 1]


def _binary(offsets: npt.NDArray[np.int64], content: pa.Buffer | None) -> pa.Array:
    buffers = [None, pa.py_buffer(np.ascontiguousarray(offsets)), content or pa.py_buffer(b"")]
    return pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(offsets) - 1, buffers)
