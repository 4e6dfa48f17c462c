"""A whole release folder, written once.

>>> writer = ReleaseWriter(folder)                                                       # doctest: +SKIP
>>> writer.write(items, rows, part="train")                                              # doctest: +SKIP
>>> writer.add_media(path, sha256=digest, suffix=".mp4")                                 # doctest: +SKIP
>>> writer.set_schemes({"taxonomies": ..., "scales": ..., "mappings": ...})              # doctest: +SKIP
>>> difference = compare(open_contents(parent_folder), writer.contents())                # doctest: +SKIP
>>> version = next_version(parent.version, difference.bump)                              # doctest: +SKIP
>>> manifest = writer.finish(name=..., version=version, created_at=..., card=card, ...)  # doctest: +SKIP

The folder appears piece by piece: write into a temporary folder and rename it when `finish` has returned.
"""

import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from affectory import __version__
from affectory.release import card as documents
from affectory.release.card import Card, Heading
from affectory.release.croissant import croissant
from affectory.release.difference import Difference
from affectory.release.digests import kinds_of, table_digest
from affectory.release.errors import ReleaseError, TableError
from affectory.release.folder import SCHEMES_NAME, Contents
from affectory.release.manifest import (
    MANIFEST_NAME,
    SUMS_NAME,
    WHOLE,
    FileRecord,
    Manifest,
    ParentRecord,
    PartRecord,
    TableRecord,
    WriterRecord,
    check_name,
    sha256_hex,
    sums_text,
)
from affectory.release.parquet import PROFILE, PartWriter, Rows, file_sha256
from affectory.release.tables import TableSpec
from affectory.release.versions import Version

_PART = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")


class ReleaseWriter:
    """Writes the tables, media and documents of one release into an empty folder."""

    def __init__(self, folder: Path) -> None:
        if folder.exists() and any(folder.iterdir()):
            raise ReleaseError(f"{folder} is not empty; a release is written into an empty folder")
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._specs: dict[str, TableSpec] = {}
        self._parts: dict[str, dict[str, PartRecord]] = {}
        self._files: dict[str, FileRecord] = {}
        self._schemes: Mapping[str, Any] = {}

    def write(self, spec: TableSpec, rows: Iterable[Rows], *, part: str = WHOLE) -> PartRecord:
        """Write one part of a table from Arrow batches or from rows as mappings.

        The rows come sorted by the primary key (text by code point) and are read once, in constant memory.
        Parts are the splits for tables kept by split, else `full`.
        """
        self._check_new_part(spec, part)
        with PartWriter(self._folder, spec, part) as writer:
            writer.write(rows)
            record, files = writer.finish()
        self._specs[spec.name] = spec
        self._parts.setdefault(spec.name, {})[part] = record
        self._files.update({file.path: file for file in files})
        return record

    def add_media(self, source: Path, *, suffix: str, sha256: str | None = None) -> FileRecord:
        """Put a media file into the release: hard link where possible, else a copy.

        `sha256` is taken as known from ingest; without it the file is read once to make it. The same content
        twice is one file.
        """
        _check_suffix(suffix, source)
        record = self.refer_media(
            sha256 or file_sha256(source), suffix=suffix, size_bytes=source.stat().st_size
        )
        if not (self._folder / record.path).exists():
            link_or_copy(source, self._folder / record.path)
        return record

    def refer_media(self, sha256: str, *, suffix: str, size_bytes: int) -> FileRecord:
        """Name a media file as part of the release; its bytes stay where they are stored under their digest.

        The release is whole once whoever stores it has put them beside the folder's own files.
        """
        _check_suffix(suffix, sha256)
        record = FileRecord(f"media/{sha256[:2]}/{sha256}{suffix}", sha256, size_bytes)
        return self._files.setdefault(record.path, record)

    def set_schemes(self, schemes: Mapping[str, Any]) -> None:
        """Set what schemes.json holds: taxonomies, scales, mappings, each under its own key."""
        self._schemes = schemes

    def contents(self) -> Contents:
        """Return the values written so far, to compare with a parent before there is a version."""
        return Contents(self._folder, self._tables(), tuple(self._files.values()), self._schemes)

    def finish(
        self,
        *,
        name: str,
        version: str,
        created_at: str,
        card: Card,
        parent: ParentRecord | None = None,
        difference: Difference | None = None,
        notes: str = "",
        earlier_changelog: str = "",
        media_policy: str = "none",
        facts: Mapping[str, Any] | None = None,
    ) -> Manifest:
        """Write the documents and the manifest. `created_at` is ISO 8601 in UTC; `facts` is free JSON."""
        contents = self.contents()
        heading = Heading(check_name(name), str(Version.parse(version)), created_at, contents.digest)
        self._write_documents(
            heading, card, contents, documents.changelog(heading, difference, notes, earlier_changelog)
        )
        manifest = Manifest(
            name=name,
            version=version,
            created_at=created_at,
            tables=contents.tables,
            files=tuple(sorted(self._files.values(), key=lambda file: file.path)),
            schemes_sha256=contents.schemes_sha256,
            writer=WriterRecord(affectory=__version__, pyarrow=pa.__version__, profile=PROFILE),
            digest=contents.digest,
            parent=parent,
            simulated=card.simulated,
            licence=card.licence,
            media_policy=media_policy,
            facts=facts or {},
        )
        content = manifest.to_json()
        (self._folder / SUMS_NAME).write_text(sums_text(manifest, sha256_hex(content)))
        (self._folder / MANIFEST_NAME).write_bytes(content)
        return manifest

    def _check_new_part(self, spec: TableSpec, part: str) -> None:
        if not _PART.fullmatch(part):
            raise TableError(f"table {spec.name}: {part!r} is not a name for a part; use a-z, 0-9 and _")
        if self._specs.get(spec.name, spec) != spec:
            raise TableError(f"table {spec.name}: all parts of a table need the same columns")
        if part in self._parts.get(spec.name, {}):
            raise TableError(f"table {spec.name}: part {part!r} is written already")

    def _tables(self) -> tuple[TableRecord, ...]:
        return tuple(self._table(spec) for spec in self._specs.values())

    def _table(self, spec: TableSpec) -> TableRecord:
        parts = tuple(self._parts[spec.name].values())
        return TableRecord(
            name=spec.name,
            description=spec.description,
            primary_key=spec.primary_key,
            columns=spec.records(),
            parts=parts,
            digest=table_digest(kinds_of(spec.schema), spec.primary_key, parts),
        )

    def _write_documents(self, heading: Heading, card: Card, contents: Contents, changes: str) -> None:
        written = {
            SCHEMES_NAME: json.dumps(self._schemes, indent=1, sort_keys=True, ensure_ascii=False) + "\n",
            "README.md": documents.readme(card, heading, contents.tables, contents.files),
            "CHANGELOG.md": changes,
            "CITATION.cff": documents.citation(card, heading),
            "LICENSE": documents.licence(card),
            "croissant.json": croissant(card, heading, contents.tables, contents.files),
        }
        for path, text in written.items():
            content = text.encode()
            (self._folder / path).write_bytes(content)
            self._files[path] = FileRecord(path, sha256_hex(content), len(content))


def _check_suffix(suffix: str, of: object) -> None:
    if not _SUFFIX.fullmatch(suffix):
        raise ReleaseError(f"{of}: {suffix!r} is not a file suffix such as .mp4")


def link_or_copy(source: Path, target: Path) -> None:
    """Make `target` the same file as `source`, or a copy where the file system cannot link."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        partial = target.with_name(target.name + ".partial")
        shutil.copyfile(source, partial)
        partial.replace(target)
