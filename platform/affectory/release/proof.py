"""Prove that a successor is a withdrawn release minus rows, from row digests alone.

When a release is withdrawn its rows go, but the row digests of its parts may stay: 32 bytes a row, from which
no value can be read. Their root is the part digest in the manifest that everybody has, so the list cannot be
made up later; and every row of an honest successor has its digest in the list.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from affectory.release.digests import PartHasher, RowDigests, row_digests
from affectory.release.errors import ReleaseError
from affectory.release.folder import Contents
from affectory.release.manifest import Manifest, PartRecord, TableRecord

# One row is what one person answered; all other tables are made from these.
ANSWER_TABLES = ("annotations", "traces", "traces_raw", "calibrations")


@dataclass(frozen=True)
class RemovalProof:
    """Rows of one part. `unknown` rows of the successor were not in the old release: changed or new ones."""

    table: str
    part: str
    kept: int
    removed: int
    unknown: int

    @property
    def only_removed(self) -> bool:
        return self.unknown == 0


def part_row_digests(
    contents: Contents, table: str, part: str, columns: list[str] | None = None
) -> RowDigests:
    """Return the row digests of a part in primary-key order: what to keep when the rows have to go."""
    paths = [contents.root / file.path for file in contents.files if (file.table, file.part) == (table, part)]
    found = [
        row_digests(pq.ParquetFile(path).read_row_group(group), columns)
        for path in paths
        for group in _groups(path)
    ]
    return np.concatenate(found) if found else np.empty(0, dtype="S32")


def check_root(record: TableRecord, part: str, digests: RowDigests) -> None:
    """Raise unless `digests` are the row digests that the manifest's part digest was made from."""
    hasher = PartHasher(record.kinds, record.primary_key)
    hasher.add_digests(digests)
    if hasher.record(part) not in record.parts:
        raise ReleaseError(f"these are not the row digests of table {record.name}, part {part}")


def prove_removal(record: TableRecord, part: str, digests: RowDigests, successor: Contents) -> RemovalProof:
    """Compare a part of a successor with the row digests that were kept of the old release.

    Only columns of the old release are looked at, so a successor with more columns can be proved, too.
    """
    check_root(record, part, digests)
    new = part_row_digests(successor, record.name, part, list(record.kinds))
    known = np.isin(new, digests)
    kept = int(known.sum())
    return RemovalProof(record.name, part, kept=kept, removed=len(digests) - kept, unknown=len(new) - kept)


def prove_successor(
    old: Manifest, digests: Callable[[str, str], RowDigests], successor: Contents
) -> tuple[RemovalProof, ...]:
    """Compare every part of a withdrawn release with its successor; `digests` gives what was kept of a part.

    A table that the successor lacks, or has with other columns, counts as removed and, with other columns, as
    unknown rows.
    """
    return tuple(
        _prove_part(table, part, digests, successor)
        for table in old.tables
        for part in table.parts
        if part.rows
    )


def holds(proofs: Iterable[RemovalProof]) -> bool:
    """Whether what people answered is only less: no answer was changed or slipped in.

    Labels, gold traces and counts are made anew from the answers that are left, so their rows may differ.
    """
    return all(proof.only_removed for proof in proofs if proof.table in ANSWER_TABLES)


def _prove_part(
    table: TableRecord, part: PartRecord, digests: Callable[[str, str], RowDigests], successor: Contents
) -> RemovalProof:
    new = successor.table(table.name)
    if new is None or not set(table.kinds.items()) <= set(new.kinds.items()):
        check_root(table, part.name, digests(table.name, part.name))
        unknown = sum(one.rows for one in new.parts if one.name == part.name) if new else 0
        return RemovalProof(table.name, part.name, kept=0, removed=part.rows, unknown=unknown)
    return prove_removal(table, part.name, digests(table.name, part.name), successor)


def _groups(path: Path) -> range:
    return range(pq.read_metadata(path).num_row_groups)
