"""What a table of a release is: its columns and the key that its rows are sorted by."""

from dataclasses import dataclass

import pyarrow as pa

from affectory.release.encoding import kind_of
from affectory.release.errors import TableError
from affectory.release.manifest import ColumnRecord


@dataclass(frozen=True)
class Column:
    """One column. `minimum` and `maximum` are the limits of the scale, not the observed range.

    `decimals` rounds floats (also inside lists) to their true resolution before they are written. A `derived`
    column follows from other rows (it counts them, or says what enough of them share), and a difference in it alone
    does not count as a change.
    """

    name: str
    type: pa.DataType
    description: str
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    source: str | None = None
    decimals: int | None = None
    required: bool = False
    derived: bool = False

    def record(self) -> ColumnRecord:
        return ColumnRecord(
            name=self.name,
            kind=kind_of(self.type, self.name),
            type=str(self.type),
            description=self.description,
            unit=self.unit,
            minimum=self.minimum,
            maximum=self.maximum,
            source=self.source,
            derived=self.derived,
        )


@dataclass(frozen=True)
class TableSpec:
    """A table: its columns in order, the primary key its rows are sorted by, and its row group size."""

    name: str
    description: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    row_group_rows: int = 65_536

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise TableError(f"table {self.name}: column {repeated[0]!r} is declared twice")
        unknown = [name for name in self.primary_key if name not in names]
        if unknown or not self.primary_key:
            raise TableError(
                f"table {self.name}: the primary key {self.primary_key} is not made of its columns"
            )

    @property
    def schema(self) -> pa.Schema:
        key = set(self.primary_key)
        fields = [pa.field(c.name, c.type, nullable=not (c.required or c.name in key)) for c in self.columns]
        return pa.schema(fields)

    def records(self) -> tuple[ColumnRecord, ...]:
        return tuple(column.record() for column in self.columns)


def text(name: str, description: str, *, required: bool = False) -> Column:
    return Column(name, pa.string(), description, required=required)
