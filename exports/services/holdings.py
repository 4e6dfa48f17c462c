"""What a published release holds of somebody, read from its Parquet files."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from affectory.release.manifest import Manifest, TableRecord
from exports.models import Release
from exports.services.source import Only
from storage.facade import as_file

CALIBRATIONS = "calibrations"


@dataclass(frozen=True)
class Person:
    """Whose data: a rater by pseudonym, or whoever is in the items of a corpus that carry a group key."""

    rater: str = ""
    corpus: str = ""
    group: str = ""
    value: str = ""

    def as_dict(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class Shown:
    """A person in the items of one corpus: by a group key, and the keys of those that the platform has now."""

    person: Person
    corpus_id: int
    keys: frozenset[str]


def rows_of(release: Release, *, rater: str = "", shown: Sequence[Shown] = ()) -> dict[str, int]:
    """Table -> rows that carry the rater, or are about an item that shows somebody; each row counts once."""
    manifest = manifest_of(release)
    raters = [rater] if rater and _count(release, manifest.table("raters"), {"rater_id": [rater]}) else []
    items = set[str]().union(*(_items(release, manifest, one) for one in shown))
    wanted = {column: values for column, values in (("rater_id", raters), ("item_id", items)) if values}
    counts = {table.name: _count(release, table, wanted) for table in manifest.tables}
    return {name: n for name, n in counts.items() if n}


def _items(release: Release, manifest: Manifest, shown: Shown) -> set[str]:
    """Keys of the release's items that show somebody: as the platform knows them, or as the release itself tells."""
    # Early releases do not say which corpora they are of.
    if release.corpora and shown.corpus_id not in release.corpora:
        return set()
    items, group, value = manifest.table("items"), shown.person.group, shown.person.value
    found = set(shown.keys)
    if group in items.kinds:
        told = _read(release, items, ["item_id", group]).to_pydict()
        values = zip(told["item_id"], told[group], strict=True)
        # Of an item of several parts, the values of all of them stand there.
        found |= {key for key, said in values if said and value in {said, *said.split("; ")}}
    return found if _count(release, items, {"item_id": found}) else set()


def released_in(release_id: int | None) -> Only | None:
    """The items and responses that a release holds; None for no release."""
    if release_id is None:
        return None
    release = Release.objects.get(pk=release_id)
    manifest = manifest_of(release)
    tables = [
        table for table in manifest.tables if "response_id" in table.kinds and table.name != CALIBRATIONS
    ]
    responses: set[str] = set()
    excluded: dict[str, str] = {}
    for table in tables:
        reason = ["excluded"] if "excluded" in table.kinds else []
        rows = _read(release, table, ["response_id", *reason]).to_pydict()
        responses.update(rows["response_id"])
        told = zip(rows["response_id"], rows.get("excluded", ()), strict=False)  # event logs say no reason
        excluded |= {response: reason for response, reason in told if reason is not None}
    items = _read(release, manifest.table("items"), ["item_id"])[0].to_pylist()
    return Only(frozenset(items), frozenset(responses), excluded, _calibrations(release, manifest))


def _calibrations(release: Release, manifest: Manifest) -> frozenset[str] | None:
    told = next((table for table in manifest.tables if table.name == CALIBRATIONS), None)
    return None if told is None else frozenset(_read(release, told, ["response_id"])[0].to_pylist())


def manifest_of(release: Release) -> Manifest:
    return Manifest.from_json(json.dumps(release.manifest))


def _count(release: Release, table: TableRecord, wanted: Mapping[str, Collection[str]]) -> int:
    """Rows in which any of these columns has one of its values."""
    columns = [column for column in wanted if column in table.kinds]
    if not columns:
        return 0
    read = _read(release, table, columns)
    masks = [
        pc.fill_null(pc.is_in(read[column], value_set=pa.array(sorted(wanted[column]), pa.string())), False)
        for column in columns
    ]
    return int(pc.sum(reduce(pc.or_, masks)).as_py() or 0)


def _read(release: Release, table: TableRecord, columns: list[str]) -> pa.Table:
    """Some columns of a table, without its other ones being read."""
    parts = []
    for sha256 in release.files.filter(path__startswith=f"{table.name}/").values_list("sha256", flat=True):
        with as_file(sha256) as path:
            parts.append(pq.ParquetFile(path).read(columns=columns).select(columns))
    return pa.concat_tables(parts)
