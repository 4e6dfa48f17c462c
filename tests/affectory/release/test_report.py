"""The split report."""

from pathlib import Path

import pytest

from affectory.release.folder import open_contents
from affectory.release.report import split_report
from tests.affectory.release.samples import write_release


def test_sizes_groups_and_leaks(tmp_path: Path) -> None:
    write_release(tmp_path / "r", items=10)
    contents = open_contents(tmp_path / "r")
    record = contents.table("items")
    assert record is not None
    (report,) = split_report(contents.read("items"), contents.read("splits"), record)
    assert [(role.role, role.items, role.groups) for role in report.roles] == [
        ("train", 6, 3),
        ("validation", 2, 1),
        ("test", 2, 1),
    ]
    assert report.leaking_groups == ()
    assert sum(role.share for role in report.roles) == pytest.approx(1)
    # Labels of the sample: number % 3. Test items are 4 and 9: one anger, one joy; overall 4, 3, 3 of 10.
    test = report.roles[-1]
    assert test.distances["emotion_label"] == pytest.approx((abs(0.4 - 0.5) + abs(0.3 - 0.5) + 0.3) / 2)
    assert set(test.distances) == {"emotion_label", "va_valence", "emotion_valence_mapped"}


def test_group_in_two_roles_is_a_leak(tmp_path: Path) -> None:
    write_release(
        tmp_path / "r",
        change=lambda row: {**row, "group_id": "same"} if row["item_id"] < "item-0002" else row,
    )
    write_release(tmp_path / "leak", change=lambda row: {**row, "group_id": "same"})
    contents = open_contents(tmp_path / "leak")
    record = contents.table("items")
    assert record is not None
    (report,) = split_report(contents.read("items"), contents.read("splits"), record)
    assert report.leaking_groups == ("same",)
