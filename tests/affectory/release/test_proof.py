"""A successor is proved from the row digests of the release that had to go."""

from pathlib import Path
from typing import Any

import pytest

from affectory.release.errors import ReleaseError
from affectory.release.folder import Contents, open_contents
from affectory.release.manifest import TableRecord
from affectory.release.proof import check_root, part_row_digests, prove_removal
from affectory.release.tables import annotations_table
from affectory.release.writer import ReleaseWriter
from tests.affectory.release.samples import annotation_rows, write_release


@pytest.fixture
def old(tmp_path: Path) -> Contents:
    write_release(tmp_path / "old")
    return open_contents(tmp_path / "old")


def successor(folder: Path, rows: list[dict[str, Any]]) -> Contents:
    writer = ReleaseWriter(folder / "new")
    writer.write(annotations_table(), rows)
    return writer.contents()


def annotations(contents: Contents) -> TableRecord:
    record = contents.table("annotations")
    assert record is not None
    return record


def test_successor_without_a_rater_is_the_old_release_minus_her_rows(old: Contents, tmp_path: Path) -> None:
    kept = part_row_digests(old, "annotations", "full")
    new = successor(tmp_path, [row for row in annotation_rows(10) if row["rater_id"] != "r1"])
    proof = prove_removal(annotations(old), "full", kept, new)
    assert (proof.kept, proof.removed, proof.unknown) == (20, 10, 0)
    assert proof.only_removed


def test_successor_that_changed_a_row_is_found_out(old: Contents, tmp_path: Path) -> None:
    kept = part_row_digests(old, "annotations", "full")
    rows = [{**row, "value_num": 0.77} if at == 3 else row for at, row in enumerate(annotation_rows(10))]
    proof = prove_removal(annotations(old), "full", kept, successor(tmp_path, rows[:-1]))
    assert (proof.removed, proof.unknown) == (2, 1)
    assert not proof.only_removed


def test_made_up_digests_are_refused(old: Contents) -> None:
    digests = part_row_digests(old, "annotations", "full")
    check_root(annotations(old), "full", digests)
    with pytest.raises(ReleaseError, match="not the row digests"):
        check_root(annotations(old), "full", digests[1:])
    with pytest.raises(ReleaseError, match="not the row digests"):
        check_root(annotations(old), "full", digests[::-1])
