"""Each view is opened by the tool that it is for, and the values are those of the release."""

import json
import subprocess
import sys
from pathlib import Path

import audformat
import datasets
import mne
import numpy as np
import pandas as pd
import pympi
import pytest
import webdataset
from label_studio_sdk.label_interface import LabelInterface
from pycocotools.coco import COCO

from affectory.client.loading import load
from affectory.views import views
from affectory.views.rendering import render
from affectory.views.source import Source
from tests.affectory.views import samples

FOG, TRAM = "films/fog.mp4", "films/tram.mp4"


def test_pandas_reads_csv(rendered: Path) -> None:
    folder = rendered / "film-csv"
    items = pd.read_csv(folder / "items.csv")
    assert items["emotion_label"].dropna().tolist() == ["joy", "anger"]
    assert json.loads(items["open_words"][0]) == ['"None" of it', "größer, weiter"]
    assert json.loads(items["emotion_votes"][0]) == [0, 0, 0, 2, 0, 0, 0]
    rows = pd.read_csv(folder / "traces_samples.csv")
    first = rows[(rows["item_id"] == FOG) & (rows["rater_id"] == "r1")]
    assert first["t_s"].tolist() == [0, 0.25, 0.5, 0.75, 1, 1.25]
    np.testing.assert_array_equal(first["valence"], [np.nan, 0.1, 0.2, 0.3, 0.4, -0.5])
    columns = pd.read_csv(folder / "columns.csv")
    assert columns[columns["table"] == "items"]["column"].tolist() == items.columns.tolist()


def test_datasets_loads_jsonl(rendered: Path, tmp_path: Path) -> None:
    file = str(rendered / "film-jsonl" / "traces.jsonl")
    rows = datasets.load_dataset("json", data_files=file, split="train", cache_dir=str(tmp_path))
    assert len(rows) == 4
    # Its JSON parser is off by the last bit in places.
    assert rows[0]["valence"] == [None, *(pytest.approx(value) for value in (0.1, 0.2, 0.3, 0.4, -0.5))]


def test_datasets_loads_the_release_itself(rendered: Path, tmp_path: Path) -> None:
    loaded = datasets.load_dataset(str(rendered / "film"), "items", cache_dir=str(tmp_path))
    assert {split: loaded[split].num_rows for split in loaded} == {"train": 1, "validation": 1, "test": 1}
    assert loaded["train"][0]["emotion_label"] == "joy"


def test_webdataset_streams_shards(rendered: Path) -> None:
    shard = str(rendered / "film-webdataset" / "train-000000.tar")
    (sample,) = webdataset.WebDataset(shard, shardshuffle=False).decode()
    assert sample["__key__"] == "films_fog_mp4"
    assert sample["json"]["emotion_label"] == "joy"
    assert sample["json"]["gold_trace"]["dimensions"] == ["valence", "arousal"]
    assert sample["mp4"] == b"clip of fog"
    valence = sample["gold.npy"][:, 0]
    np.testing.assert_allclose(valence, [np.nan, 0.1, np.nan, 0.4, 0.2, -0.5], rtol=1e-6)


def test_datasets_loads_webdataset(rendered: Path, tmp_path: Path) -> None:
    files = {split: str(rendered / "film-webdataset" / f"{split}-000000.tar") for split in ("train", "test")}
    loaded = datasets.load_dataset("webdataset", data_files=files, streaming=True, cache_dir=str(tmp_path))
    test = loaded["test"].decode(enable=False)  # decoding video needs torchcodec
    assert next(iter(test))["json"]["item_id"] == TRAM


def test_audformat_loads_a_column_per_rater(rendered: Path) -> None:
    database = audformat.Database.load(str(rendered / "film-audformat"), load_data=True)
    assert {rater: told.type for rater, told in database.raters.items()} == {"r1": "machine", "r2": "machine"}
    assert database.schemes["emotion"].labels[:2] == ["anger", "disgust"]
    assert database["emotion.train"].df["r2"].tolist() == ["joy"]
    assert database["emotion.test.gold_standard"].df["emotion"].tolist() == ["anger"]
    assert database.splits["validation"].type == "dev"
    traces = database["affect_valence.train"].df
    assert traces.index.get_level_values("end")[-1] == pd.Timedelta(seconds=1.5)
    np.testing.assert_array_equal(traces["r1"], [np.nan, 0.1, 0.2, 0.3, 0.4, -0.5])
    np.testing.assert_array_equal(traces["r2"], [0, 0.1, np.nan, 0.5, 0, np.nan])


def test_audformat_loads_a_crowd_as_rows(rendered: Path) -> None:
    database = audformat.Database.load(str(rendered / "crowd-audformat"), load_data=True)
    answers = database["emotion.train"].df
    assert len(answers) == 51
    assert answers.index.names == ["file", "rater", "number"]
    assert set(answers["emotion"]) == {"joy"}
    assert len(database["affect_valence.train"].df) == 51 * 2


def test_bids_validator_finds_no_error(rendered: Path) -> None:
    folder = rendered / "eeg-eeg-bids"
    program = Path(sys.executable).with_name("bids-validator-deno")
    done = subprocess.run([program, folder, "--json"], capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert [issue for issue in report["issues"]["issues"] if issue["severity"] == "error"] == []
    assert report["summary"]["subjects"] == ["p1", "p2"]
    assert report["summary"]["tasks"] == ["affect"]


def test_mne_reads_recordings_and_annotations(rendered: Path) -> None:
    recording = rendered / "eeg-eeg-bids/sub-p1/eeg/sub-p1_task-affect_run-1_eeg.edf"
    raw = mne.io.read_raw_edf(recording, verbose="error")
    channels = pd.read_csv(str(recording).replace("_eeg.edf", "_channels.tsv"), sep="\t")
    assert channels["name"].tolist() == raw.ch_names
    assert set(channels["sampling_frequency"]) == {raw.info["sfreq"]}
    annotations = mne.read_annotations(rendered / "film-mne/films_fog_mp4-annot.txt")
    at = annotations.description.tolist().index("emotion/joy/r1")
    assert (annotations.onset[at], annotations.duration[at]) == (0, 1.5)
    assert "affect_valence/-0.05/r1" in annotations.description


def test_pympi_reads_tiers(rendered: Path) -> None:
    document = pympi.Elan.Eaf(str(rendered / "film-elan/films_fog_mp4.eaf"))
    assert document.get_annotation_data_for_tier("emotion r1") == [(0, 1500, "joy")]
    assert document.get_annotation_data_for_tier("affect_valence r1") == [
        (0, 1000, "0.2"),
        (1000, 1500, "-0.05"),
    ]
    assert document.get_parameters_for_tier("affect_valence gold mean")["ANNOTATOR"] == "gold mean"
    assert "liking_liking r2" in document.get_tier_names()


def test_free_texts_of_the_world_come_through(tmp_path: Path) -> None:
    samples.worldly_release(tmp_path / "release")
    source = Source(load(tmp_path / "release"))
    for name in ("csv", "jsonl", "elan", "mne", "nova", "audformat", "label-studio"):
        render(views()[name], source, tmp_path / name)
    told = samples.WORLDLY
    answers = pd.read_csv(tmp_path / "csv" / "annotations.csv")
    assert told in answers["value_text"].tolist()
    lines = (tmp_path / "jsonl" / "annotations.jsonl").read_text().splitlines()
    assert told in [json.loads(line)["value_text"] for line in lines]
    document = pympi.Elan.Eaf(str(tmp_path / "elan" / "films_fog_mp4.eaf"))
    assert document.get_annotation_data_for_tier("why r1") == [(0, 1500, told)]
    descriptions = mne.read_annotations(tmp_path / "mne" / "films_fog_mp4-annot.txt").description
    assert any("gr\\xf6\\xdfe" in description for description in descriptions)
    free = (tmp_path / "nova" / "films_fog_mp4" / "subject.why.r1.annotation~").read_text()
    assert free.count("\n") == 1
    assert free.count(";") == 3
    database = audformat.Database.load(str(tmp_path / "audformat"), load_data=True)
    assert database["why.train"].df["r1"].tolist() == [told]
    tasks = json.loads((tmp_path / "label-studio/video/tasks.json").read_text())
    values = [result["value"] for result in tasks[0]["annotations"][0]["result"]]
    assert {"text": [told]} in values


@pytest.mark.parametrize(("release", "kind"), [("film", "video"), ("dialogue", "dialogue")])
def test_label_studio_takes_tasks(release: str, kind: str, rendered: Path) -> None:
    folder = rendered / f"{release}-label-studio" / kind
    interface = LabelInterface((folder / "config.xml").read_text())
    interface.validate()
    tasks = json.loads((folder / "tasks.json").read_text())
    for task in tasks:
        assert interface.validate_task({"data": task["data"]})
        assert all(interface.validate_annotation(one) for one in task["annotations"])
    first = tasks[0]["annotations"][0]
    assert first["result"][0]["meta"] == {"rater": ["r1"]}
    unknown = {"result": [first["result"][0] | {"from_name": "mood"}]}
    assert not interface.validate_annotation(unknown)


def test_the_loader_of_veatic_reads_numbered_files(rendered: Path) -> None:
    """It takes column 1 of files without a header, by the number of the video and of the frame."""
    valence = np.loadtxt(rendered / "film-veatic/rating_averaged/0_valence.csv", delimiter=",")[:, 1]
    np.testing.assert_array_equal(valence, [np.nan, 0.1, np.nan, 0.4, 0.2, -0.5])


def test_a_loader_of_abaw_drops_frames_without_values(rendered: Path) -> None:
    file = rendered / "film-abaw/VA_Estimation_Challenge/Train_Set/films_fog_mp4.txt"
    frames = np.loadtxt(file, delimiter=",", skiprows=1)
    np.testing.assert_array_equal(frames[(frames != -5).all(axis=1)][:, 0], [0.1, 0.4, 0.2, -0.5])


def test_pycocotools_loads_boxes(rendered: Path) -> None:
    gold = COCO(str(rendered / "pictures-coco" / "instances_train.json"))
    assert [one["bbox"] for one in gold.loadAnns(gold.getAnnIds())] == [[9, 10, 21, 5.5]]
    coco = COCO(str(rendered / "pictures-coco" / "raters_train.json"))
    assert [one["name"] for one in coco.loadCats(coco.getCatIds())] == ["cat", "dog"]
    cats = coco.loadAnns(coco.getAnnIds(catIds=coco.getCatIds(catNms=["cat"])))
    assert [(one["rater_id"], one["bbox"]) for one in cats] == [
        ("r1", [10, 10, 20, 5]),
        ("r2", [8, 10, 22, 6]),
    ]
    pictures = coco.loadImgs(coco.getImgIds())
    assert {len(coco.getAnnIds(imgIds=one["id"])) for one in pictures} == {3, 0}
    assert all((rendered / "pictures-coco" / "images" / one["file_name"]).is_file() for one in pictures)
    # Its evaluation takes a rater's boxes as predictions of the gold.
    found = gold.loadRes([{**one, "score": 1.0} for one in cats if one["rater_id"] == "r2"])
    assert len(found.getAnnIds()) == 1
