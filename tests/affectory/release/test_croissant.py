"""Our check of croissant.json finds what the public validator lets pass."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from affectory.release.card import Card
from affectory.release.croissant_check import croissant_problems
from affectory.release.errors import ReleaseError
from affectory.release.folder import open_manifest
from affectory.release.writer import ReleaseWriter
from tests.affectory.release.samples import CARD, CREATED_AT, fill, write_release

Document = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("croissant") / "release"
    write_release(folder)
    return folder


def problems(folder: Path, change: Callable[[Document], object] = lambda document: None) -> list[str]:
    document = json.loads((folder / "croissant.json").read_text())
    change(document)
    manifest = open_manifest(folder)
    return croissant_problems(document, manifest.tables, manifest.files)


def field(document: Document, record_set: int = 0, number: int = 0) -> Document:
    found: Document = document["recordSet"][record_set]["field"][number]
    return found


def test_a_release_that_we_write_has_no_problem(folder: Path) -> None:
    assert problems(folder) == []


WRONG: dict[str, tuple[Callable[[Document], object], str]] = {
    "misspelt RAI term": (
        lambda document: document.update({"rai:annotatorsDemographics": "adults"}),
        "dataset: 'rai:annotatorsDemographics' is not a term of sc:Dataset; did you mean 'rai:annotatorDemographics'?",
    ),
    "misspelt term of a file": (
        lambda document: document["distribution"][0].update({"contentURL": "x"}),
        "'contentURL' is not a term of cr:FileObject; did you mean 'contentUrl'?",
    ),
    "misspelt term of a field": (
        lambda document: field(document).update({"datatype": "sc:Text"}),
        "'datatype' is not a term of cr:Field; did you mean 'dataType'?",
    ),
    "no name": (lambda document: document.pop("name"), "dataset: name is missing"),
    "empty licence": (lambda document: document.update({"license": ""}), "dataset: license is missing"),
    "field without a name": (lambda document: field(document).pop("name"), "item_id: name is missing"),
    "unknown column": (
        lambda document: field(document)["source"].update({"extract": {"column": "itemid"}}),
        "items/test-00000-of-00001.parquet has no column 'itemid'",
    ),
    "unknown column of an annotation": (
        lambda document: next(one for one in document["recordSet"][3]["field"] if "annotation" in one)[
            "annotation"
        ]["source"].update({"extract": {"column": "who"}}),
        "annotations/full-00000-of-00001.parquet has no column 'who'",
    ),
    "column left out": (
        lambda document: document["recordSet"][-1]["field"].pop(),
        "dataset: column 'end_s' of table splits is not described",
    ),
    "unknown file": (
        lambda document: field(document)["source"].update({"fileObject": {"@id": "items.parquet"}}),
        "'items.parquet' is none of the files of the distribution",
    ),
    "file that is not in the release": (
        lambda document: document["distribution"][0].update({"contentUrl": "labels.parquet"}),
        "the release has no file 'labels.parquet'",
    ),
    "wrong digest": (
        lambda document: document["distribution"][0].update({"sha256": "0" * 64}),
        "sha256 is not that of annotations/full-00000-of-00001.parquet",
    ),
    "encoding that readers refuse": (
        lambda document: document["distribution"][0].update(
            {"encodingFormat": "application/vnd.apache.parquet"}
        ),
        "encodingFormat of Parquet is application/x-parquet",
    ),
    "key that is no field": (
        lambda document: document["recordSet"][0]["key"].append({"@id": "items/id"}),
        "key 'items/id' is none of its fields",
    ),
    "structured RAI term": (
        lambda document: document.update({"rai:dataBiases": {"@type": "PropertyValue"}}),
        "dataset: rai:dataBiases is not text",
    ),
    "version": (lambda document: document.update({"version": "1.0"}), "dataset: version: "),
    "profile": (
        lambda document: document["conformsTo"].pop(),
        "dataset: conformsTo does not name http://mlcommons.org/croissant/RAI/1.0",
    ),
    "type": (
        lambda document: document["recordSet"][0].update({"@type": "RecordSet"}),
        "@type 'RecordSet' is none of",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_problem_is_named_with_its_place(case: str, folder: Path) -> None:
    change, sentence = WRONG[case]
    found = problems(folder, change)
    assert any(sentence in problem for problem in found), found


def test_a_dataset_without_words_is_described_by_its_name(tmp_path: Path) -> None:
    writer = ReleaseWriter(tmp_path / "release")
    fill(writer)
    silent = replace(CARD, title="", description="")
    writer.finish(name="demo-film", version="1.0.0", created_at=CREATED_AT, card=silent)
    assert json.loads((tmp_path / "release" / "croissant.json").read_text())["description"] == "demo-film"


@pytest.mark.parametrize(
    "card",
    [
        replace(CARD, licence=""),
        replace(CARD, rai={"dataBiases": " "}),
        replace(CARD, rai={"dataBias": "none known"}),
    ],
)
def test_a_release_with_a_wrong_croissant_is_not_written(card: Card, tmp_path: Path) -> None:
    writer = ReleaseWriter(tmp_path / "release")
    fill(writer)
    with pytest.raises(ReleaseError, match=r"license is missing|is not text|not a term"):
        writer.finish(name="demo-film", version="1.0.0", created_at=CREATED_AT, card=card)
    assert not (tmp_path / "release" / "manifest.json").exists()
