"""Check that a folder holds what its manifest says.

The quick check compares the bytes of each file with its SHA-256. The deep check reads the rows and makes the
value digests again, so it also finds a manifest whose digests do not belong to its files.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from affectory.release.digests import PartHasher, table_digest
from affectory.release.errors import TableError
from affectory.release.folder import Contents, open_contents
from affectory.release.manifest import (
    MANIFEST_NAME,
    SUMS_NAME,
    FileRecord,
    Manifest,
    TableRecord,
    sha256_hex,
    sums_text,
    value_digest,
)
from affectory.release.parquet import KeyOrder, file_sha256

_BATCH_ROWS = 16_384
Checked = Callable[[int], None]


@dataclass(frozen=True)
class Problem:
    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


@dataclass(frozen=True)
class Verification:
    """What was checked and what is wrong with it."""

    files: int
    bytes: int
    rows: int
    problems: tuple[Problem, ...]


def verify_files(
    files: Sequence[FileRecord], locate: Callable[[FileRecord], Path], *, checked: Checked | None = None
) -> Verification:
    """Compare size and SHA-256 of each file, on all processors. `checked` is told the bytes of each one."""
    problems = []
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        found = pool.map(lambda file: _file_problem(file, locate(file)), files)
        for file, problem in zip(files, found, strict=True):
            problems += [problem] if problem else []
            if checked is not None:
                checked(file.bytes)
    return Verification(len(files), sum(file.bytes for file in files), 0, tuple(problems))


def verify_folder(
    folder: Path,
    manifest: Manifest,
    files: Sequence[FileRecord],
    *,
    deep: bool,
    checked: Checked | None = None,
) -> Verification:
    """Verify `files` of a release folder, its manifest, and that nothing else would be read as data."""
    quick = verify_files(files, lambda file: folder / file.path, checked=checked)
    problems = [*quick.problems, *_manifest_problems(folder, manifest), *_strangers(folder, manifest)]
    found = replace(quick, problems=tuple(problems))
    return verify_rows(found, open_contents(folder), files) if deep and not problems else found


def verify_rows(found: Verification, contents: Contents, files: Sequence[FileRecord]) -> Verification:
    """Add what is found when the value digests of the tables among `files` are made again."""
    rows, problems = 0, list(found.problems)
    for table in contents.tables:
        held = {file.part for file in files if file.table == table.name}
        counted, wrong = _table_problems(contents, table, {part for part in held if part is not None})
        rows += counted
        problems += wrong
    return replace(found, rows=rows, problems=tuple(problems))


def _file_problem(file: FileRecord, path: Path) -> Problem | None:
    try:
        size = path.stat().st_size
        if size != file.bytes:
            return Problem(file.path, f"has {size} bytes and the manifest says {file.bytes}")
        found = file_sha256(path)
    except FileNotFoundError:
        return Problem(file.path, "is missing")
    except OSError as error:
        return Problem(file.path, f"cannot be read: {error.strerror}")
    return None if found == file.sha256 else Problem(file.path, f"has SHA-256 {found}, not {file.sha256}")


def _manifest_problems(folder: Path, manifest: Manifest) -> list[Problem]:
    problems = []
    tables = {table.name: table.digest for table in manifest.tables}
    media = [file.sha256 for file in manifest.media]
    if value_digest(tables, manifest.schemes_sha256, media) != manifest.digest:
        problems.append(Problem(MANIFEST_NAME, "its digest is not made from its tables, schemes and media"))
    problems += [
        Problem(MANIFEST_NAME, f"the digest of table {table.name} is not made from its parts")
        for table in manifest.tables
        if table_digest(table.kinds, table.primary_key, table.parts) != table.digest
    ]
    sums = folder / SUMS_NAME
    expected = sums_text(manifest, sha256_hex((folder / MANIFEST_NAME).read_bytes()))
    if not sums.is_file() or sums.read_text() != expected:
        problems.append(Problem(SUMS_NAME, f"does not say what {MANIFEST_NAME} says"))
    return problems


def _strangers(folder: Path, manifest: Manifest) -> list[Problem]:
    """Find files that `pandas.read_parquet(folder / table)` would read and the manifest does not know."""
    known = {file.path for file in manifest.files}
    found = [
        path.relative_to(folder).as_posix()
        for table in manifest.tables
        for path in sorted((folder / table.name).glob("*"))
        if not path.name.startswith((".", "_"))
    ]
    return [Problem(path, "is not part of the release") for path in found if path not in known]


def _table_problems(contents: Contents, table: TableRecord, held: set[str]) -> tuple[int, list[Problem]]:
    problems = []
    rows = 0
    for part in table.parts:
        if part.name not in held:
            continue
        try:
            record = _hash_part(contents, table, part.name).record(part.name)
        except (TableError, KeyError, pa.ArrowException) as error:
            problems.append(Problem(f"{table.name}/{part.name}", str(error)))
            continue
        rows += record.rows
        if record != part:
            problems.append(
                Problem(f"{table.name}/{part.name}", "the value digest of its rows is another one")
            )
    return rows, problems


def _hash_part(contents: Contents, table: TableRecord, part: str) -> PartHasher:
    hasher = PartHasher(table.kinds, table.primary_key)
    order = KeyOrder(table.name, part, table.primary_key)
    for file in contents.files:
        if (file.table, file.part) != (table.name, part):
            continue
        with pq.ParquetFile(contents.root / file.path) as parquet:
            for batch in parquet.iter_batches(_BATCH_ROWS):
                order.check(pa.Table.from_batches([batch]))
                hasher.add(batch)
    return hasher
