"""croissant.json passes the public validator, which reads the records, and our check sees what it does not."""

import json
import logging
from pathlib import Path

import mlcroissant
import pytest

from affectory.release.croissant_check import croissant_problems
from affectory.release.folder import open_manifest


def issues(file: Path) -> tuple[set[str], set[str]]:
    metadata = mlcroissant.Dataset(jsonld=file).metadata
    return set(metadata.ctx.issues.errors), set(metadata.ctx.issues.warnings)


@pytest.mark.parametrize("release", ["film", "dialogue", "eeg", "crowd"])
def test_mlcroissant_has_nothing_to_say(release: str, rendered: Path) -> None:
    assert issues(rendered / release / "croissant.json") == (set(), set())


def test_mlcroissant_reads_the_records(rendered: Path) -> None:
    dataset = mlcroissant.Dataset(jsonld=rendered / "film" / "croissant.json")
    records = list(dataset.records("annotations"))
    assert len(records) == 6
    assert records[0]["annotations/value_label"] == b"joy"
    (item,) = dataset.records("items-train")
    assert item["items-train/item_id"] == b"films/fog.mp4"
    assert list(item["items-train/emotion_votes"]) == [0, 0, 0, 2, 0, 0, 0]


def test_our_check_is_stricter(rendered: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    folder = rendered / "film"
    document = json.loads((folder / "croissant.json").read_text())
    document["rai:annotatorsDemographics"] = "adults"
    document["recordSet"][0]["field"][0]["source"]["extract"]["column"] = "itemid"
    file = folder / "croissant-wrong.json"
    file.write_text(json.dumps(document))
    try:
        assert issues(file)[0] == set()
    finally:
        file.unlink()
    manifest = open_manifest(folder)
    assert len(croissant_problems(document, manifest.tables, manifest.files)) == 2
