"""Many stored rows as Arrow tables: no Python object is made for any cell."""

from binascii import unhexlify
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from itertools import islice
from typing import Any

import pyarrow as pa
from django.db import connection
from django.db.models import QuerySet
from pyarrow import csv

from annotation.questions.answers import ID

TEXT = pa.string()
#: For what there are few different of.
NAMED = pa.dictionary(pa.int32(), TEXT)
#: An id as the database writes it.
ID_TEXT = pa.binary(36)
ROWS_AT_ONCE = 10_000


def stored_tables(query: QuerySet[Any, Any], types: Mapping[str, pa.DataType]) -> Iterator[pa.Table]:
    """The rows of a query as they lie, some thousands at a time, each column in one piece.

    ``types``: of the query's values, in their order. A missing text is "". The connection is busy until the last one
    is taken.
    """
    sql, values = query.query.sql_with_params()
    told = connection.ops.compose_sql(sql, values)  # type: ignore[attr-defined]  # PostgreSQL has it
    with connection.cursor() as cursor, cursor.copy(f"COPY ({told}) TO STDOUT (FORMAT csv)") as rows:
        waiting = iter(rows)
        while together := _joined(islice(waiting, ROWS_AT_ONCE)):
            yield _table(together, types)


def ids_of(texts: pa.FixedSizeBinaryArray) -> pa.FixedSizeBinaryArray:
    """The 16 bytes of ids that were read as `ID_TEXT`."""
    together = texts.buffers()[1].to_pybytes()[: len(texts) * ID_TEXT.byte_width]
    held = [None, pa.py_buffer(unhexlify(together.replace(b"-", b"")))]
    return pa.FixedSizeBinaryArray.from_buffers(ID, len(texts), held)


def _joined(rows: Iterable[bytes | memoryview]) -> bytes:
    """Each is let go at once: the driver is slow in making the next while others are held."""
    together = BytesIO()
    together.writelines(rows)
    return together.getvalue()


def _table(rows: bytes, types: Mapping[str, pa.DataType]) -> pa.Table:
    """Rows that are whole, as the database sends them."""
    return csv.read_csv(
        pa.py_buffer(rows),
        read_options=csv.ReadOptions(column_names=list(types), block_size=len(rows), use_threads=False),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=dict(types), null_values=[""], true_values=["t"], false_values=["f"]
        ),
    )
