"""What changed between two releases, and the version step that it asks for."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from affectory.release.card import Card
from affectory.release.difference import Difference, compare
from affectory.release.digests import row_digests
from affectory.release.folder import Contents, open_contents
from affectory.release.tables import Column, TableSpec
from affectory.release.versions import Bump, next_version
from affectory.release.writer import ReleaseWriter
from tests.affectory.release.samples import CREATED_AT, SCHEMES, fill, item_id, items_spec, write_release


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Contents:
    folder = tmp_path_factory.mktemp("parent") / "r"
    write_release(folder)
    return open_contents(folder)


def child(folder: Path, **how: Any) -> Contents:
    write_release(folder / "child", **how)
    return open_contents(folder / "child")


def of_items(difference: Difference) -> Any:
    return next(table for table in difference.tables if table.table == "items")


def test_same_values_are_a_patch(parent: Contents, tmp_path: Path) -> None:
    difference = compare(parent, child(tmp_path))
    assert difference == Difference()
    assert difference.bump is Bump.PATCH


def test_new_items_are_a_minor_step(parent: Contents, tmp_path: Path) -> None:
    difference = compare(parent, child(tmp_path, items=13))
    assert difference.bump is Bump.MINOR
    assert of_items(difference).added == 3
    assert of_items(difference).examples == {"added": tuple(item_id(number) for number in (10, 11, 12))}
    assert "items: 3 rows added" in difference.reasons


def test_removed_items_are_a_major_step(parent: Contents, tmp_path: Path) -> None:
    difference = compare(
        parent, child(tmp_path, change=lambda row: None if row["item_id"] == item_id(4) else row)
    )
    assert difference.bump is Bump.MAJOR
    assert (of_items(difference).removed, of_items(difference).changed) == (1, 0)


def test_item_that_changes_its_split_is_moved_and_a_major_step(parent: Contents, tmp_path: Path) -> None:
    def move(row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "split": "test"} if row["item_id"] == item_id(0) else row

    difference = compare(parent, child(tmp_path, change=move))
    assert difference.bump is Bump.MAJOR
    assert (of_items(difference).moved, of_items(difference).changed) == (1, 1)
    assert of_items(difference).examples["moved"] == (item_id(0),)
    assert {table.table for table in difference.tables} == {"items", "splits"}


def test_new_gold_is_a_major_step(parent: Contents, tmp_path: Path) -> None:
    def refused(row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "va_valence": 0.123}

    difference = compare(parent, child(tmp_path, change=refused))
    assert of_items(difference).changed == 10
    assert difference.bump is Bump.MAJOR


def test_new_column_is_a_minor_step_and_changes_no_row(parent: Contents, tmp_path: Path) -> None:
    spec = items_spec(Column("va_arousal", pa.float64(), "Gold arousal"))
    difference = compare(parent, child(tmp_path, spec=spec))
    assert of_items(difference).columns_added == ("va_arousal",)
    assert (of_items(difference).changed, of_items(difference).added) == (0, 0)
    assert difference.bump is Bump.MINOR


def test_column_that_goes_or_changes_its_kind_is_a_major_step(parent: Contents, tmp_path: Path) -> None:
    spec = items_spec(Column("va_arousal", pa.float64(), "Gold arousal"))
    more = child(tmp_path, spec=spec)
    assert compare(more, parent).bump is Bump.MAJOR
    other = items_spec(Column("va_arousal", pa.string(), "Gold arousal"))
    write_release(tmp_path / "other", spec=other)
    difference = compare(more, open_contents(tmp_path / "other"))
    assert of_items(difference).columns_changed == ("va_arousal",)
    assert difference.bump is Bump.MAJOR


def test_schemes_and_media_count(tmp_path: Path, parent: Contents) -> None:
    def contents(name: str, schemes: dict[str, Any], *, media: bool = False) -> Contents:
        writer = ReleaseWriter(tmp_path / name)
        fill(writer, media=media)
        writer.set_schemes(schemes)
        return writer.contents()

    assert compare(parent, contents("more", {**SCHEMES, "mappings": []})).bump is Bump.MINOR
    scales = {**SCHEMES["scales"], "mood": {"min": 0, "max": 9}}
    asked_more = compare(parent, contents("asked-more", {**SCHEMES, "scales": scales}))
    assert (asked_more.schemes_added, asked_more.bump) == (("scales mood",), Bump.MINOR)
    changed = compare(parent, contents("edited", {**SCHEMES, "scales": {}}))
    assert changed.schemes_changed == ("scales va",)
    assert changed.bump is Bump.MAJOR
    assert compare(parent, contents("media", SCHEMES, media=True)).media_added == 10


def test_draft_is_compared_before_it_has_a_version(parent: Contents, tmp_path: Path) -> None:
    writer = ReleaseWriter(tmp_path / "draft")
    fill(writer, items=11)
    difference = compare(parent, writer.contents())
    version = next_version("1.0.0", difference.bump)
    card = Card(title="t", description="d", licence="CC0-1.0")
    manifest = writer.finish(
        name="demo-film",
        version=version,
        created_at=CREATED_AT,
        card=card,
        difference=difference,
        notes="More clips.",
        earlier_changelog="# Changelog\n\n## 1.0.0 (2026-01-01)\n\n- First release.\n",
    )
    assert manifest.version == "1.1.0"
    changelog = (tmp_path / "draft" / "CHANGELOG.md").read_text()
    assert (
        changelog.index("## 1.1.0") < changelog.index("More clips.") < changelog.index("items: 1 rows added")
    )
    assert changelog.index("items: 1 rows added") < changelog.index("## 1.0.0")
    assert changelog.count("# Changelog\n") == 1


def test_successor_is_proved_to_be_the_old_release_minus_rows(parent: Contents, tmp_path: Path) -> None:
    gone = item_id(4)
    successor = child(tmp_path, change=lambda row: None if row["item_id"] == gone else row)
    old = set(row_digests(parent.read("items")).tolist())
    new = set(row_digests(successor.read("items")).tolist())
    assert new < old
    assert len(old - new) == 1


def table_of(rows: dict[tuple[str, int], str], part: str, folder: Path, number: pa.DataType) -> Contents:
    spec = TableSpec(
        "x",
        "x",
        (Column("a", pa.string(), "a"), Column("b", number, "b"), Column("v", pa.string(), "v")),
        ("a", "b"),
        row_group_rows=3,
    )
    writer = ReleaseWriter(folder)
    for name in ("one", "two"):
        own = sorted(rows.items()) if name == part else []
        writer.write(spec, [{"a": a, "b": b, "v": v} for (a, b), v in own], part=name)
    return writer.contents()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("waiting_blocks", [1, 4])
def test_difference_is_that_of_two_dictionaries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, waiting_blocks: int
) -> None:
    """Against the plain way: blocks of a few rows, other integer types, rows that change their part."""
    monkeypatch.setattr("affectory.release.merging._BLOCK_ROWS", 4)
    monkeypatch.setattr("affectory.release.merging._WAITING_BLOCKS", waiting_blocks)
    rng = np.random.default_rng(seed)
    keys = [(f"k{a}", b) for a in range(int(rng.integers(1, 8))) for b in range(6)]

    def some(share: float) -> dict[tuple[str, int], str]:
        return {key: "v" if rng.random() < 0.8 else "w" for key in keys if rng.random() < share}

    before, after = some(rng.random()), some(rng.random())
    old = table_of(before, "one", tmp_path / "old", pa.int16())
    new = table_of(after, "one" if seed % 3 else "two", tmp_path / "new", pa.int64())
    difference = compare(old, new)
    expected = (
        len(after.keys() - before.keys()),
        len(before.keys() - after.keys()),
        sum(before[key] != after[key] for key in before.keys() & after.keys()),
    )
    found = [(table.added, table.removed, table.changed) for table in difference.tables]
    assert (found or [(0, 0, 0)]) == [expected]
