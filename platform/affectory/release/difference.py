"""What changed from one release to the next, row by row, and the smallest version step that it asks for.

Rows are paired by primary key and compared by their canonical bytes over the columns that both releases have,
so re-encoding a file is no change and a new column is an addition, not a change of every row. Derived columns
(counts of rows of other tables) are left out.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from affectory.release.encoding import encode_rows
from affectory.release.folder import Contents
from affectory.release.manifest import TableRecord
from affectory.release.merging import RowNumbers, left_over, places
from affectory.release.versions import Bump

_EXAMPLES = 5
_COLUMN_THAT_MOVES = "split"


@dataclass(frozen=True)
class TableDifference:
    """Row counts and a few example keys per kind of change.

    `moved` items changed their split; they count as changed, too.
    """

    table: str
    added: int = 0
    removed: int = 0
    changed: int = 0
    moved: int = 0
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    columns_changed: tuple[str, ...] = ()
    examples: Mapping[str, tuple[str, ...]] | None = None

    @property
    def bump(self) -> Bump:
        if self.removed or self.changed or self.moved or self.columns_removed or self.columns_changed:
            return Bump.MAJOR
        return Bump.MINOR if self.added or self.columns_added else Bump.PATCH

    @property
    def reasons(self) -> tuple[str, ...]:
        counts = {
            "rows added": self.added,
            "rows removed": self.removed,
            "rows changed": self.changed,
            "items moved between splits": self.moved,
        }
        columns = {
            "columns added": self.columns_added,
            "columns removed": self.columns_removed,
            "columns of another kind": self.columns_changed,
        }
        return (
            *(f"{self.table}: {count:,} {what}" for what, count in counts.items() if count),
            *(f"{self.table}: {what}: {', '.join(names)}" for what, names in columns.items() if names),
        )


@dataclass(frozen=True)
class Difference:
    """All that differs between two releases, and the version step it asks for."""

    tables: tuple[TableDifference, ...] = ()
    tables_added: tuple[str, ...] = ()
    tables_removed: tuple[str, ...] = ()
    schemes_added: tuple[str, ...] = ()
    schemes_changed: tuple[str, ...] = ()
    media_added: int = 0
    media_removed: int = 0

    @property
    def bump(self) -> Bump:
        largest = max((table.bump for table in self.tables), default=Bump.PATCH)
        if self.tables_removed or self.schemes_changed or self.media_removed:
            return Bump.MAJOR
        if self.tables_added or self.schemes_added or self.media_added:
            return max(largest, Bump.MINOR)
        return largest

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return the changes as sentences, for changelogs and for the person who publishes."""
        lists = {
            "tables added": self.tables_added,
            "tables removed": self.tables_removed,
            "schemes added": self.schemes_added,
            "schemes changed": self.schemes_changed,
        }
        counts = {"media files added": self.media_added, "media files removed": self.media_removed}
        return (
            *(reason for table in self.tables for reason in table.reasons),
            *(f"{what}: {', '.join(names)}" for what, names in lists.items() if names),
            *(f"{count:,} {what}" for what, count in counts.items() if count),
        )

    def to_dict(self) -> dict[str, Any]:
        return {"bump": self.bump.name, "reasons": list(self.reasons), **asdict(self)}


def compare(old: Contents, new: Contents) -> Difference:
    """Return what a user of `old` would find different in `new`."""
    old_names = {table.name for table in old.tables}
    new_names = {table.name for table in new.tables}
    old_media = {file.sha256 for file in old.media}
    new_media = {file.sha256 for file in new.media}
    old_schemes, new_schemes = _each_scheme(old.schemes), _each_scheme(new.schemes)
    return Difference(
        tables=tuple(
            difference
            for name in sorted(old_names & new_names)
            if (difference := _compare_table(old, new, name)) is not None
        ),
        tables_added=tuple(sorted(new_names - old_names)),
        tables_removed=tuple(sorted(old_names - new_names)),
        schemes_added=tuple(sorted(new_schemes.keys() - old_schemes.keys())),
        schemes_changed=tuple(
            sorted(
                key
                for key, scheme in old_schemes.items()
                if key not in new_schemes or new_schemes[key] != scheme
            )
        ),
        media_added=len(new_media - old_media),
        media_removed=len(old_media - new_media),
    )


def _each_scheme(schemes: Mapping[str, Any]) -> dict[str, Any]:
    """Return each taxonomy, scale and so on under a name of its own: one of a new question changes no other."""
    named = {kind: held if isinstance(held, Mapping) else {"": held} for kind, held in schemes.items()}
    return {
        f"{kind} {name}".rstrip(): scheme for kind, held in named.items() for name, scheme in held.items()
    }


def _compare_table(old: Contents, new: Contents, name: str) -> TableDifference | None:
    before, after = old.table(name), new.table(name)
    assert before is not None  # noqa: S101  # the caller found the name in both
    assert after is not None  # noqa: S101
    if before.digest == after.digest:
        return None
    columns = _shared_columns(before, after)
    if before.primary_key != after.primary_key or any(key not in columns for key in before.primary_key):
        # Rows cannot be paired any more: everything that was there is gone.
        return TableDifference(name, added=after.rows, removed=before.rows)
    left_in_old, left_in_new = left_over(old, new, before, columns)
    rows = _compare_rows(left_in_old, left_in_new, before.primary_key, columns)
    common = set(before.kinds) & set(after.kinds)
    return TableDifference(
        name,
        added=len(rows.added),
        removed=len(rows.removed),
        changed=len(rows.changed),
        moved=len(rows.moved),
        columns_added=tuple(sorted(set(after.kinds) - common)),
        columns_removed=tuple(sorted(set(before.kinds) - common)),
        columns_changed=tuple(
            sorted(column for column in common if before.kinds[column] != after.kinds[column])
        ),
        examples={what: keys for what, keys in asdict(rows.examples()).items() if keys},
    )


def _shared_columns(before: TableRecord, after: TableRecord) -> list[str]:
    derived = {column.name for column in (*before.columns, *after.columns) if column.derived}
    return [
        name for name, kind in before.kinds.items() if after.kinds.get(name) == kind and name not in derived
    ]


@dataclass(frozen=True)
class _Examples:
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    moved: tuple[str, ...]


@dataclass(frozen=True)
class _RowDifference:
    """Row numbers: `added`, `changed` and `moved` in the new table, `removed` in the old one."""

    added: RowNumbers
    removed: RowNumbers
    changed: RowNumbers
    moved: RowNumbers
    old_keys: pa.Table
    new_keys: pa.Table

    def examples(self) -> _Examples:
        return _Examples(
            added=_key_texts(self.new_keys, self.added),
            removed=_key_texts(self.old_keys, self.removed),
            changed=_key_texts(self.new_keys, self.changed),
            moved=_key_texts(self.new_keys, self.moved),
        )


def _compare_rows(
    old: pa.Table, new: pa.Table, primary_key: tuple[str, ...], columns: list[str]
) -> _RowDifference:
    """Pair rows that are not the same by their key."""
    key = list(primary_key)
    at_old = places(encode_rows(new, key), encode_rows(old, key))
    changed = np.flatnonzero(at_old >= 0)
    kept = np.zeros(old.num_rows, dtype=bool)
    kept[at_old[changed]] = True
    return _RowDifference(
        added=np.flatnonzero(at_old < 0),
        removed=np.flatnonzero(~kept),
        changed=changed,
        moved=_moved(old, new, at_old, changed) if _COLUMN_THAT_MOVES in columns else np.empty(0, np.int64),
        old_keys=old.select(primary_key),
        new_keys=new.select(primary_key),
    )


def _moved(old: pa.Table, new: pa.Table, at_old: RowNumbers, changed: RowNumbers) -> RowNumbers:
    before = old.column(_COLUMN_THAT_MOVES).take(pa.array(at_old[changed]))
    after = new.column(_COLUMN_THAT_MOVES).take(pa.array(changed))
    moved: RowNumbers = changed[~pc.equal(before, after).to_numpy()]
    return moved


def _key_texts(keys: pa.Table, rows: RowNumbers) -> tuple[str, ...]:
    shown = keys.take(pa.array(rows[:_EXAMPLES], pa.int64())).to_pylist()
    return tuple(" / ".join(str(value) for value in row.values()) for row in shown)
