"""manifest.json: what a release holds and by which digests it is known.

`Manifest.digest` is the identity. It is made from the value digests of the tables, the schemes and the media
hashes, so it stays the same when another writer or compression gives other bytes. The SHA-256 of each file is
a check of transport only.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import PurePosixPath
from typing import Any

from affectory.release.errors import ManifestError
from affectory.release.versions import Version

SCHEMA = "affectory-release/1"
MANIFEST_NAME = "manifest.json"
SUMS_NAME = "SHA256SUMS"
SPLITS = ("train", "validation", "test")
# The one part of a table that is not kept by split (Hugging Face reserves the word "all").
WHOLE = "full"

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def canonical_json(value: Any) -> bytes:
    """Return the one JSON text of `value`: sorted keys, no blanks, UTF-8, no NaN."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def sha256_hex(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def check_name(name: str) -> str:
    """Return `name` when it can be a dataset name (it becomes a folder and a part of URLs)."""
    if not _NAME.fullmatch(name):
        raise ManifestError(f"{name!r} is not a dataset name; use a-z, 0-9, '.', '_' and '-' (at most 100)")
    return name


def check_path(path: str) -> str:
    """Return `path` when it stays inside the release folder."""
    parts = path.split("/")
    unsafe = not path or "\\" in path or "\0" in path or ":" in parts[0] or PurePosixPath(path).is_absolute()
    if unsafe or any(part in {"", ".", ".."} for part in parts):
        raise ManifestError(f"{path!r} is not a path inside a release")
    return path


@dataclass(frozen=True)
class FileRecord:
    """One file as it is transported. `table` and `part` are None for documents and media."""

    path: str
    sha256: str
    bytes: int
    rows: int | None = None
    table: str | None = None
    part: str | None = None

    def __post_init__(self) -> None:
        check_path(self.path)
        if not _SHA256.fullmatch(self.sha256):
            raise ManifestError(f"{self.path}: {self.sha256!r} is not a SHA-256")


@dataclass(frozen=True)
class ColumnRecord:
    """What a column means. `kind` is its value kind as the digests see it (see `release.encoding`).

    A `derived` column counts rows of other tables; it is no change of its row when only the count is another.
    """

    name: str
    kind: str
    type: str
    description: str
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    source: str | None = None
    derived: bool = False


@dataclass(frozen=True)
class PartRecord:
    """A part of a table: a split, or `full`. `digest` is the root over the row digests in key order."""

    name: str
    rows: int
    digest: str


@dataclass(frozen=True)
class TableRecord:
    name: str
    description: str
    primary_key: tuple[str, ...]
    columns: tuple[ColumnRecord, ...]
    parts: tuple[PartRecord, ...]
    digest: str

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)

    @property
    def kinds(self) -> dict[str, str]:
        return {column.name: column.kind for column in self.columns}


@dataclass(frozen=True)
class ParentRecord:
    version: str
    digest: str


@dataclass(frozen=True)
class WriterRecord:
    """Which program wrote the bytes; the same writer gives the same bytes."""

    affectory: str
    pyarrow: str
    profile: str


@dataclass(frozen=True)
class Manifest:
    name: str
    version: str
    created_at: str
    tables: tuple[TableRecord, ...]
    files: tuple[FileRecord, ...]
    schemes_sha256: str
    writer: WriterRecord
    digest: str
    parent: ParentRecord | None = None
    state: str = "published"
    simulated: bool = False
    licence: str | None = None
    media_policy: str = "none"
    facts: Mapping[str, Any] = field(default_factory=dict)
    schema: str = SCHEMA

    def table(self, name: str) -> TableRecord:
        for table in self.tables:
            if table.name == name:
                return table
        known = ", ".join(table.name for table in self.tables)
        raise ManifestError(f"{self.ref} has no table {name!r}; it has {known}")

    @property
    def ref(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def media(self) -> tuple[FileRecord, ...]:
        return tuple(file for file in self.files if file.path.startswith("media/"))

    def table_files(self, table: str, split: str | None = None) -> tuple[FileRecord, ...]:
        """Return the files that hold the rows of `split`; a table not kept by split has them in `full`.

        Train comes first, then validation and test.
        """
        order = (*SPLITS, WHOLE)
        files = [file for file in self.files if file.table == table]
        files.sort(key=lambda file: (order.index(file.part) if file.part in order else len(order), file.path))
        return tuple(file for file in files if split is None or file.part in {split, WHOLE})

    def to_json(self) -> bytes:
        """Return the exact bytes of manifest.json."""
        text = json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
        return f"{text}\n".encode()

    @classmethod
    def from_json(cls, content: bytes | str) -> "Manifest":
        try:
            return _manifest(json.loads(content))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ManifestError(f"{MANIFEST_NAME} cannot be read: {type(error).__name__}: {error}") from error


def value_digest(tables: Mapping[str, str], schemes_sha256: str, media: list[str]) -> str:
    """Return the identity of a release: `sha256:` over the digests of its values."""
    identity = {
        "schema": SCHEMA,
        "tables": dict(tables),
        "schemes": schemes_sha256,
        "media": sorted(set(media)),
    }
    return "sha256:" + sha256_hex(canonical_json(identity))


def sums_text(manifest: Manifest, manifest_sha256: str) -> str:
    """Return SHA256SUMS, as `sha256sum --check` reads it."""
    lines = [f"{file.sha256}  {file.path}" for file in manifest.files]
    lines.append(f"{manifest_sha256}  {MANIFEST_NAME}")
    return "".join(f"{line}\n" for line in sorted(lines, key=lambda line: line[66:]))


def _manifest(raw: Mapping[str, Any]) -> Manifest:
    if raw.get("schema") != SCHEMA:
        raise ManifestError(
            f"this release has the schema {raw.get('schema')!r} and this program reads {SCHEMA!r}; "
            "upgrade with: pip install --upgrade affectory"
        )
    known = {**raw, "name": check_name(raw["name"]), "version": str(Version.parse(raw["version"]))}
    known["writer"] = WriterRecord(**_known(WriterRecord, raw["writer"]))
    known["tables"] = tuple(_table(table) for table in raw["tables"])
    known["files"] = tuple(FileRecord(**_known(FileRecord, file)) for file in raw["files"])
    known["parent"] = ParentRecord(**_known(ParentRecord, raw["parent"])) if raw.get("parent") else None
    return Manifest(**_known(Manifest, known))


def _known(record: type, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what a newer program says beside: as long as the schema is the same, nothing hangs on it."""
    names = {one.name for one in fields(record)}
    return {name: value for name, value in raw.items() if name in names}


def _table(raw: Mapping[str, Any]) -> TableRecord:
    return TableRecord(
        name=raw["name"],
        description=raw["description"],
        primary_key=tuple(raw["primary_key"]),
        columns=tuple(ColumnRecord(**_known(ColumnRecord, column)) for column in raw["columns"]),
        parts=tuple(PartRecord(**_known(PartRecord, part)) for part in raw["parts"]),
        digest=raw["digest"],
    )
