"""The split report."""

from pathlib import Path

import pyarrow as pa
import pytest

from affectory.release.folder import open_contents
from affectory.release.manifest import ColumnRecord
from affectory.release.report import label_distributions, split_report
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


def test_labels_are_counted_in_each_part_and_rare_ones_together() -> None:
    rare = [f"word-{n:02}" for n in range(50)]
    labels = pa.table(
        {
            "mood_label": [*["calm"] * 3, *["angry"] * 2, *rare, None],
            "va_valence": [-1.0, -0.61, -0.6, 0.0, 1.0, *[None] * 51],
            "nobody_label": pa.nulls(56, pa.string()),
        }
    )
    columns = [
        ColumnRecord("mood_label", "text", "string", ""),
        ColumnRecord("va_valence", "float", "float32", "", minimum=-1, maximum=1),
        ColumnRecord("nobody_label", "text", "string", ""),
    ]
    roles = ["train", "train", "test", "test", None, *["train"] * 51]
    found = label_distributions(labels, columns, {"main": roles, "halves": ["a", "b", *[None] * 54]})
    assert [one.counts["a"] for one in found["halves"]] == [(1, *[0] * 40), (1, 0, 0, 0, 0)]
    mood, valence = found["main"]
    assert mood.values == ("calm", "angry", *rare[:38], None)
    assert mood.counts["test"][:2] == (1, 1)
    assert mood.counts["train"][:3] == (2, 0, 1)
    assert mood.counts["train"][-1] == 12
    assert valence.edges == (-1.0, -0.6, -0.2, 0.2, 0.6, 1.0)
    assert valence.counts == {"train": (2, 0, 0, 0, 0), "test": (0, 1, 1, 0, 0)}
