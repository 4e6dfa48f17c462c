"""The environment of the tools has another pyarrow than the one that releases are written with: values keep digests."""

from pathlib import Path

import pyarrow as pa

from affectory.release.folder import open_manifest
from affectory.release.verify import verify_folder
from tests.affectory.release.samples import write_release

WRITTEN = Path(__file__).parents[1] / "affectory" / "release" / "golden"


def _major(version: str) -> str:
    return version.split(".", maxsplit=1)[0]


def test_this_is_another_pyarrow() -> None:
    assert _major(pa.__version__) != _major(open_manifest(WRITTEN).writer.pyarrow)


def test_digests_are_those_in_the_manifest_of_the_other() -> None:
    manifest = open_manifest(WRITTEN)
    tables = [file for file in manifest.files if file.table]
    found = verify_folder(WRITTEN, manifest, tables, deep=True)
    assert found.problems == ()
    assert found.rows == sum(table.rows for table in manifest.tables)


def test_the_same_rows_written_here_have_the_same_digests(tmp_path: Path) -> None:
    written, other = write_release(tmp_path / "r"), open_manifest(WRITTEN)
    assert written.writer.pyarrow != other.writer.pyarrow
    assert written.tables == other.tables
    assert written.digest == other.digest
