"""What a published release holds of somebody, read from its Parquet files."""

import json
from collections.abc import Collection
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from affectory.release.manifest import Manifest, TableRecord
from exports.models import Release
from exports.services.source import Only
from storage.facade import as_file


@dataclass(frozen=True)
class Person:
    """Whose data: a rater by pseudonym, or whoever is in the items of a corpus that carry a group key."""

    rater: str = ""
    corpus: str = ""
    group: str = ""
    value: str = ""

    def as_dict(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}


def rows_of_rater(release: Release, pseudonym: str) -> dict[str, int]:
    """Table -> rows that carry the rater."""
    manifest = manifest_of(release)
    if not _count(release, manifest.table("raters"), "rater_id", [pseudonym]):
        return {}
    return _counts(release, manifest, "rater_id", [pseudonym])


def rows_of_items(release: Release, person: Person, corpus_id: int, keys: Collection[str]) -> dict[str, int]:
    """Table -> rows about items; those with these keys, and those that the release itself shows in the group."""
    # Early releases do not say which corpora they are of.
    if release.corpora and corpus_id not in release.corpora:
        return {}
    manifest = manifest_of(release)
    items = manifest.table("items")
    found = set(keys)
    if person.group in items.kinds:
        shown = _read(release, items, ["item_id", person.group]).to_pydict()
        values = zip(shown["item_id"], shown[person.group], strict=True)
        # Of an item of several parts, the values of all of them stand there.
        found |= {key for key, told in values if told and person.value in {told, *told.split("; ")}}
    if not _count(release, items, "item_id", found):
        return {}
    return _counts(release, manifest, "item_id", found)


def released_in(release_id: int | None) -> Only | None:
    """The items and responses that a release holds; None for no release."""
    if release_id is None:
        return None
    release = Release.objects.get(pk=release_id)
    manifest = manifest_of(release)
    tables = [table for table in manifest.tables if "response_id" in table.kinds]
    responses: set[str] = set()
    excluded: dict[str, str] = {}
    for table in tables:
        reason = ["excluded"] if "excluded" in table.kinds else []
        rows = _read(release, table, ["response_id", *reason]).to_pydict()
        responses.update(rows["response_id"])
        told = zip(rows["response_id"], rows.get("excluded", ()), strict=False)  # event logs say no reason
        excluded |= {response: reason for response, reason in told if reason is not None}
    items = _read(release, manifest.table("items"), ["item_id"])[0].to_pylist()
    return Only(frozenset(items), frozenset(responses), excluded)


def manifest_of(release: Release) -> Manifest:
    return Manifest.from_json(json.dumps(release.manifest))


def _counts(release: Release, manifest: Manifest, column: str, values: Collection[str]) -> dict[str, int]:
    counts = {
        table.name: _count(release, table, column, values)
        for table in manifest.tables
        if column in table.kinds
    }
    return {name: n for name, n in counts.items() if n}


def _count(release: Release, table: TableRecord, column: str, values: Collection[str]) -> int:
    column_values = _read(release, table, [column])[0]
    return int(pc.sum(pc.is_in(column_values, value_set=pa.array(sorted(values), pa.string()))).as_py() or 0)


def _read(release: Release, table: TableRecord, columns: list[str]) -> pa.Table:
    """Some columns of a table, without its other ones being read."""
    parts = []
    for sha256 in release.files.filter(path__startswith=f"{table.name}/").values_list("sha256", flat=True):
        with as_file(sha256) as path:
            parts.append(pq.ParquetFile(path).read(columns=columns).select(columns))
    return pa.concat_tables(parts)
