"""Verification finds what was changed, cut, added or forged."""

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from affectory.release.digests import table_digest
from affectory.release.folder import open_manifest
from affectory.release.manifest import Manifest, sha256_hex, sums_text
from affectory.release.parquet import file_sha256
from affectory.release.verify import Verification, verify_folder
from tests.affectory.release.samples import write_release

TRAIN = "items/train-00000-of-00001.parquet"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_release(tmp_path / "r", media=True)
    return tmp_path / "r"


def verify(folder: Path, *, deep: bool = True) -> Verification:
    manifest = open_manifest(folder)
    return verify_folder(folder, manifest, manifest.files, deep=deep)


def test_untouched_release_is_fine(folder: Path) -> None:
    found = verify(folder)
    assert found.problems == ()
    assert found.rows == sum(table.rows for table in open_manifest(folder).tables)
    assert found.bytes == sum(file.bytes for file in open_manifest(folder).files)


def test_changed_cut_missing_and_strange_files_are_named(folder: Path) -> None:
    content = bytearray((folder / TRAIN).read_bytes())
    content[100] ^= 1
    (folder / TRAIN).write_bytes(content)
    (folder / "README.md").write_text("short")
    (folder / "LICENSE").unlink()
    shutil.copy(folder / TRAIN, folder / "items" / "extra.parquet")
    found = {problem.path: problem.what for problem in verify(folder).problems}
    assert set(found) == {TRAIN, "README.md", "LICENSE", "items/extra.parquet"}
    assert "SHA-256" in found[TRAIN]
    assert "bytes" in found["README.md"]
    assert found["LICENSE"] == "is missing"


def forge(folder: Path, old: str, new: str) -> None:
    """Replace text in the manifest and make SHA256SUMS agree with it."""
    text = (folder / "manifest.json").read_text()
    assert old in text
    (folder / "manifest.json").write_text(text.replace(old, new))
    manifest = Manifest.from_json((folder / "manifest.json").read_bytes())
    sums = sums_text(manifest, sha256_hex((folder / "manifest.json").read_bytes()))
    (folder / "SHA256SUMS").write_text(sums)


def test_manifest_that_disagrees_with_itself_is_found(folder: Path) -> None:
    digest = open_manifest(folder).digest
    forge(folder, digest, "sha256:" + "0" * 64)
    assert [problem.path for problem in verify(folder, deep=False).problems] == ["manifest.json"]


def test_edited_manifest_does_not_fit_the_sums(folder: Path) -> None:
    text = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(text.replace("CC-BY-4.0", "CC0-1.0"))
    assert [problem.path for problem in verify(folder, deep=False).problems] == ["SHA256SUMS"]


def test_deep_check_finds_rows_that_are_not_those_of_the_digest(folder: Path) -> None:
    before = file_sha256(folder / TRAIN)
    size = (folder / TRAIN).stat().st_size
    table = pq.ParquetFile(folder / TRAIN).read()
    changed = table.set_column(
        table.schema.get_field_index("condition"), "condition", [["audio-only"] * table.num_rows]
    )
    pq.write_table(changed, folder / TRAIN)
    forge(folder, before, file_sha256(folder / TRAIN))
    forge(folder, f'"bytes": {size},', f'"bytes": {(folder / TRAIN).stat().st_size},')
    assert verify(folder, deep=False).problems == ()
    assert [problem.path for problem in verify(folder).problems] == ["items/train"]


def test_other_writer_of_the_same_values_passes_the_deep_check(folder: Path) -> None:
    before = file_sha256(folder / TRAIN)
    size = (folder / TRAIN).stat().st_size
    pq.write_table(
        pq.ParquetFile(folder / TRAIN).read(), folder / TRAIN, compression="snappy", row_group_size=2
    )
    forge(folder, before, file_sha256(folder / TRAIN))
    forge(folder, f'"bytes": {size},', f'"bytes": {(folder / TRAIN).stat().st_size},')
    assert verify(folder).problems == ()


def test_table_digest_depends_on_the_split_of_a_row(folder: Path) -> None:
    table = open_manifest(folder).table("items")
    one, two, three = table.parts
    swapped = tuple(
        part.__class__(name, part.rows, part.digest)
        for part, name in ((one, "test"), (two, "train"), (three, "x"))
    )
    assert table_digest(table.kinds, table.primary_key, swapped) != table.digest
