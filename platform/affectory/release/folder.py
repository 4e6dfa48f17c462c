"""A release folder, opened for reading."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from affectory.release.errors import ManifestError
from affectory.release.manifest import (
    MANIFEST_NAME,
    FileRecord,
    Manifest,
    TableRecord,
    canonical_json,
    sha256_hex,
    value_digest,
)

SCHEMES_NAME = "schemes.json"
CARD_NAME = "README.md"


@dataclass(frozen=True)
class Contents:
    """The values of a release: what its identity is made of. A draft has them before it has a version."""

    root: Path
    tables: tuple[TableRecord, ...]
    files: tuple[FileRecord, ...]
    schemes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def schemes_sha256(self) -> str:
        return sha256_hex(canonical_json(self.schemes))

    @property
    def media(self) -> tuple[FileRecord, ...]:
        return tuple(file for file in self.files if file.path.startswith("media/"))

    @property
    def digest(self) -> str:
        tables = {table.name: table.digest for table in self.tables}
        return value_digest(tables, self.schemes_sha256, [file.sha256 for file in self.media])

    def table(self, name: str) -> TableRecord | None:
        return next((table for table in self.tables if table.name == name), None)

    def read(self, table: str, *, part: str | None = None, columns: list[str] | None = None) -> pa.Table:
        """Read a table, or one part of it."""
        files = [file for file in self.files if file.table == table and part in {None, file.part}]
        if not files:
            raise ManifestError(
                f"{self.root} holds no table {table!r}" + (f" with part {part!r}" if part else "")
            )
        return read_files([self.root / file.path for file in files], columns=columns)


def open_manifest(folder: Path) -> Manifest:
    """Read the manifest of a release folder."""
    path = folder / MANIFEST_NAME
    if not path.is_file():
        raise ManifestError(f"{folder} is not a release: it has no {MANIFEST_NAME}")
    return Manifest.from_json(path.read_bytes())


def open_contents(folder: Path) -> Contents:
    """Open a release folder for reading and comparing."""
    manifest = open_manifest(folder)
    schemes_path = folder / SCHEMES_NAME
    schemes = json.loads(schemes_path.read_bytes()) if schemes_path.is_file() else {}
    return Contents(root=folder, tables=manifest.tables, files=manifest.files, schemes=schemes)


def read_files(
    paths: list[Path], *, columns: list[str] | None = None, item_ids: pa.Array | None = None
) -> pa.Table:
    """Read Parquet files of one table one after the other; keep the rows of `item_ids` only, when given."""
    tables = [pq.ParquetFile(path).read(columns=columns) for path in paths]
    table = pa.concat_tables(tables)
    if item_ids is None:
        return table
    return table.filter(pc.is_in(table.column("item_id"), value_set=item_ids))
