"""Value digests depend on the values and on nothing else."""

import datetime as dt
import hashlib
import subprocess
import sys
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affectory.release.digests import part_digest, row_digests
from affectory.release.encoding import encode_rows, kind_of
from affectory.release.errors import TableError

KEY = ("k",)

texts = st.text(max_size=8)
floats = st.floats(allow_nan=False, allow_infinity=False, width=32)
rows_of_values = st.lists(
    st.fixed_dictionaries(
        {
            "a": st.one_of(st.none(), texts),
            "b": st.one_of(st.none(), texts),
            "n": st.one_of(st.none(), st.integers(-(2**15), 2**15 - 1)),
            "v": st.one_of(st.none(), floats),
            "l": st.one_of(st.none(), st.lists(st.one_of(st.none(), floats), max_size=4)),
            "t": st.one_of(st.none(), st.lists(texts, max_size=3)),
            "s": st.one_of(
                st.none(), st.fixed_dictionaries({"x": st.integers(0, 9), "y": st.one_of(st.none(), texts)})
            ),
        }
    ),
    min_size=1,
    max_size=6,
)
NARROW = pa.schema(
    {
        "k": pa.int16(),
        "a": pa.string(),
        "b": pa.string(),
        "n": pa.int16(),
        "v": pa.float32(),
        "l": pa.list_(pa.float32()),
        "t": pa.list_(pa.string()),
        "s": pa.struct({"x": pa.int8(), "y": pa.string()}),
    }
)
WIDE = pa.schema(
    {
        "s": pa.struct({"y": pa.large_string(), "x": pa.int64()}),
        "t": pa.large_list(pa.large_string()),
        "l": pa.large_list(pa.field("element", pa.float64())),
        "v": pa.float64(),
        "n": pa.int64(),
        "b": pa.dictionary(pa.int32(), pa.string()),
        "a": pa.string_view(),
        "k": pa.uint32(),
    }
)


def keyed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"k": number, **row} for number, row in enumerate(rows)]


def digest(table: pa.Table) -> str:
    return part_digest(table, KEY).digest


@settings(max_examples=60, deadline=None)
@given(rows=rows_of_values)
def test_arrow_types_column_order_and_chunks_do_not_matter(rows: list[dict[str, Any]]) -> None:
    narrow = pa.Table.from_pylist(keyed(rows), schema=NARROW)
    wide = pa.Table.from_pylist(keyed(rows), schema=WIDE)
    chunked = pa.concat_tables([narrow.slice(at, 1) for at in range(narrow.num_rows)])
    sink = pa.BufferOutputStream()
    pq.write_table(narrow, sink)
    again = pq.read_table(pa.BufferReader(sink.getvalue()))
    assert digest(narrow) == digest(wide) == digest(chunked) == digest(again)
    assert list(row_digests(narrow)) == list(row_digests(wide)) == list(row_digests(chunked))


@settings(max_examples=60, deadline=None)
@given(rows=rows_of_values, seed=st.randoms())
def test_row_order_does_not_matter(rows: list[dict[str, Any]], seed: Any) -> None:
    shuffled = keyed(rows)
    seed.shuffle(shuffled)
    assert digest(pa.Table.from_pylist(shuffled, schema=NARROW)) == digest(
        pa.Table.from_pylist(keyed(rows), schema=NARROW)
    )


@settings(max_examples=150, deadline=None)
@given(one=rows_of_values, two=rows_of_values)
def test_rows_are_the_same_bytes_exactly_when_they_are_the_same_values(one: Any, two: Any) -> None:
    first, second = one[0], two[0]
    table = pa.Table.from_pylist([first, second], schema=NARROW.remove(0))
    left, right = encode_rows(table, table.column_names).to_pylist()
    stored = table.to_pylist()
    assert (left == right) == (stored[0] == stored[1])


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"a": "x", "b": "yz"}, {"a": "xy", "b": "z"}),
        ({"a": None, "b": "x"}, {"a": "", "b": "x"}),
        ({"a": "x", "b": None}, {"a": None, "b": "x"}),
        ({"l": [1.0, None]}, {"l": [1.0, 0.0]}),
        ({"l": []}, {"l": None}),
        ({"t": ["ab", "c"]}, {"t": ["a", "bc"]}),
        ({"t": ["a"]}, {"t": ["a", ""]}),
        ({"n": 0}, {"n": None}),
        ({"s": {"x": 1, "y": None}}, {"s": {"x": 1, "y": ""}}),
    ],
)
def test_values_that_look_alike_are_told_apart(left: dict[str, Any], right: dict[str, Any]) -> None:
    table = pa.Table.from_pylist([left, right], schema=NARROW.remove(0))
    rows = encode_rows(table, table.column_names)
    assert rows[0] != rows[1]


def test_negative_zero_and_time_units_are_values() -> None:
    signed = pa.table({"k": [1, 1], "v": [0.0, -0.0]})
    assert len(set(row_digests(signed).tolist())) == 1
    moment = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
    units = [
        pa.table({"k": [1], "t": pa.array([moment], pa.timestamp(unit, "UTC"))}) for unit in ("s", "ms", "us")
    ]
    berlin = pa.table({"k": [1], "t": pa.array([moment], pa.timestamp("us", "Europe/Berlin"))})
    assert len({digest(table) for table in [*units, berlin]}) == 1


def test_column_names_and_kinds_are_part_of_the_digest() -> None:
    table = pa.table({"k": [1], "v": [2]})
    assert digest(table) != digest(table.rename_columns(["k", "w"]))
    assert digest(table) != digest(pa.table({"k": [1], "v": [2.0]}))


def test_digests_over_fewer_columns_are_those_of_a_table_without_them() -> None:
    table = pa.table({"k": [1, 2], "v": [1.0, 2.0], "w": ["a", "b"]})
    assert list(row_digests(table, ["k", "v"])) == list(row_digests(table.drop_columns("w")))


def test_type_without_a_place_is_named() -> None:
    with pytest.raises(TableError, match=r"price.*decimal"):
        kind_of(pa.decimal128(5, 2), "price")


def test_golden_digest() -> None:
    """The digest of this table is part of the format: it may not change with Python, NumPy or pyarrow."""
    table = pa.table(
        {
            "k": ["a", "b"],
            "v": pa.array([0.5, None], pa.float32()),
            "l": pa.array([[1, 2], []], pa.list_(pa.int16())),
            "on": [True, False],
            "t": pa.array([0, 1_700_000_000_000_000], pa.timestamp("us", "UTC")),
        }
    )
    assert digest(table) == "33b848a9515fa2a5fa0485410ac0fb4dede4140a9962c55e68e571384fd8cc25"


def test_golden_digest_of_lists() -> None:
    """Lists of numbers, texts, structs and lists, with missing members and of a table that was cut from another."""
    types: dict[str, tuple[pa.DataType, list[Any]]] = {
        "k": (pa.int64(), [0, 1, 2, 3]),
        "f": (pa.list_(pa.float32()), [[9], [0.5, None, -0.0], [], None]),
        "t": (pa.list_(pa.string()), [["z"], None, ["a", None, ""], []]),
        "s": (pa.list_(pa.struct({"x": pa.int8()})), [[], [{"x": 1}, None], None, [{"x": None}]]),
        "l": (pa.list_(pa.list_(pa.int16())), [[[7]], [[1, 2], [], None], [[3]], None]),
    }
    whole = pa.table({name: pa.array(values, type_) for name, (type_, values) in types.items()})
    assert digest(whole.slice(1)) == "eb986ec917153345c5723c0b085338a7914693510b268e286fa8fa06553de933"


def test_same_digest_in_another_process() -> None:
    script = (
        "import pyarrow as pa; from affectory.release.digests import part_digest;"
        "print(part_digest(pa.table({'k': [1, 2], 'v': ['x', None]}), ('k',)).digest)"
    )
    environment = {"PYTHONHASHSEED": "7", "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, env=environment
    )
    assert done.stdout.strip() == digest(pa.table({"k": [1, 2], "v": ["x", None]}))


def test_row_digests_are_sha256_of_the_rows() -> None:
    count = 10_000  # more than are encoded at once
    table = pa.table({"k": np.arange(count), "t": ["x" * (n % 7) for n in range(count)]})
    digests = row_digests(table)
    assert digests.dtype == np.dtype("S32")
    rows = encode_rows(table, table.column_names).to_pylist()
    assert digests.tobytes() == b"".join(hashlib.sha256(row).digest() for row in rows)
    assert len(set(row_digests(table, KEY).tolist())) == count
