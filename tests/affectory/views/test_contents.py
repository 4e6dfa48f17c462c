"""What options change, and what several files of a view must agree on."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from affectory.client.loading import load
from affectory.views import views
from affectory.views.contract import ViewRefusedError
from affectory.views.pictures import picture_size
from affectory.views.rendering import render
from affectory.views.source import Source
from tests.affectory.views.marked_samples import FIRST, LAUGH, TRIAL, marks, marks_release
from tests.affectory.views.samples import FOG, eeg_release


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]


def test_a_shard_can_hold_every_rater(film: Source, tmp_path: Path) -> None:
    render(views()["webdataset"], film, tmp_path / "view", {"raters": "yes"})
    found = members(tmp_path / "view/train-000000.tar")
    told = json.loads(found["films_fog_mp4.json"])
    assert told["rater_traces"]["raters"] == ["r1", "r2"]
    traces = np.load(io.BytesIO(found["films_fog_mp4.raters.npy"]))
    assert traces.shape == (2, 6, 2)  # the second rater's trace is one sample shorter
    np.testing.assert_array_equal(traces[1, :, 0], np.float32([0, 0.1, np.nan, 0.5, 0, np.nan]))
    assert {"rater": "r2", "question": "liking", "dimension": "liking", "value": 8.0} in told["answers"]


def test_shards_hold_as_many_items_as_was_said(releases: Path, tmp_path: Path) -> None:
    render(
        views()["webdataset"], Source(load(releases / "dialogue")), tmp_path / "view", {"shard_items": "2"}
    )
    shards = {path.name: len(members(path)) for path in sorted((tmp_path / "view").glob("*.tar"))}
    assert shards == {"test-000000.tar": 1, "train-000000.tar": 2, "train-000001.tar": 1}


def test_media_are_linked_beside_where_they_are_asked_for(film: Source, tmp_path: Path) -> None:
    for name in ("elan", "audformat", "label-studio"):
        render(views()[name], film, tmp_path / name, {"media": "yes"})
        linked = tmp_path / name / "media/films_fog_mp4.mp4"
        assert linked.samefile(film.media[FOG])
    document = ET.parse(tmp_path / "elan/films_fog_mp4.eaf")
    (medium,) = document.iter("MEDIA_DESCRIPTOR")
    assert medium.attrib == {
        "MEDIA_URL": "./media/films_fog_mp4.mp4",
        "MIME_TYPE": "video/mp4",
        "RELATIVE_MEDIA_URL": "./media/films_fog_mp4.mp4",
    }
    assert (
        (tmp_path / "audformat/db.emotion.train.csv")
        .read_text()
        .splitlines()[1]
        .startswith("media/films_fog_mp4.mp4,")
    )


def test_times_within_a_stretch_are_those_of_its_file(tmp_path: Path) -> None:
    """Somebody laughs from 0.5 to 2.25 s of clips that begin at 10 s of their files."""
    marks_release(tmp_path / "cut", onset_s=10.0)
    source = Source(load(tmp_path / "cut"))
    for name, options in {"mne": {}, "elan": {"media": "yes"}, "audformat": {"media": "yes"}}.items():
        render(views()[name], source, tmp_path / name, options)
    render(views()["label-studio"], source, tmp_path / "label-studio")

    assert "10.5,1.75,sounds/laughter/" in (tmp_path / "mne/clips_ana_mp4-annot.txt").read_text()
    (medium,) = ET.parse(tmp_path / "elan/clips_ana_mp4.eaf").iter("MEDIA_DESCRIPTOR")
    assert medium.attrib["TIME_ORIGIN"] == "10000"
    heard = (tmp_path / "audformat/db.sounds.train.csv").read_text().splitlines()
    assert "laughter,0 days 00:00:10.500000,0 days 00:00:12.250000" in heard[1]
    regions = {
        kind: json.loads((tmp_path / f"label-studio/{kind}/tasks.json").read_text())[0]["annotations"][0][
            "result"
        ]
        for kind in ("audio", "video")
    }
    (of_tape,) = [one["value"] for one in regions["audio"] if "labels" in one["value"]]
    assert (of_tape["start"], of_tape["end"]) == (10.5, 12.25)
    of_film = [one["value"]["ranges"] for one in regions["video"] if "timelinelabels" in one["value"]]
    assert [{"start": 263, "end": 307}] in of_film


def test_events_of_a_stretch_of_a_recording_are_in_the_time_of_the_recording(tmp_path: Path) -> None:
    trial = TRIAL | {"duration_s": 0.25}
    heard = marks(FIRST, "r1", "sounds", "segment", [LAUGH | {"end_s": 0.75}])
    eeg_release(tmp_path / "cut", more_items=[trial], more_answers=heard, media_onset_s=0.25, duration_s=1.0)
    render(views()["eeg-bids"], Source(load(tmp_path / "cut")), tmp_path / "view")
    of_first = tmp_path / "view/sub-p1/eeg/sub-p1_task-affect_run-1"
    events = [
        line.split("\t")[:4]
        for line in of_first.with_name(f"{of_first.name}_events.tsv").read_text().splitlines()
    ]
    assert ["0.25", "1", "emotion", "r1"] in events
    assert ["0.75", "0.25", "sounds", "r1"] in events
    assert ["0.75", "0.25", "stimulus", "n/a"] in events  # the trial began half a second into the stretch
    physio = json.loads(next((tmp_path / "view").rglob("*_run-1_recording-r1affect_physio.json")).read_text())
    assert physio["StartTime"] == 0.25


def test_label_studio_finds_media_under_the_prefix(film: Source, tmp_path: Path) -> None:
    render(
        views()["label-studio"], film, tmp_path / "view", {"media": "yes", "prefix": "/data/local-files/?d="}
    )
    tasks: list[dict[str, Any]] = json.loads((tmp_path / "view/video/tasks.json").read_text())
    assert tasks[0]["data"]["video"] == "/data/local-files/?d=media/films_fog_mp4.mp4"


def test_nova_headers_say_how_many_lines_follow(film: Source, tmp_path: Path) -> None:
    render(views()["nova"], film, tmp_path / "view", {"role": "the listener"})
    headers = sorted((tmp_path / "view").rglob("*.annotation"))
    assert headers
    for header in headers:
        annotation = ET.parse(header).getroot()
        lines = header.with_name(f"{header.name}~").read_text().splitlines()
        info, meta, scheme = (annotation.find(name) for name in ("info", "meta", "scheme"))
        assert info is not None
        assert meta is not None
        assert scheme is not None
        assert int(info.attrib["size"]) == len(lines)
        assert header.name == f"the_listener.{scheme.attrib['name']}.{meta.attrib['annotator']}.annotation"
        widths = {"CONTINUOUS": 2, "DISCRETE": 4, "FREE": 4}
        assert {len(line.split(";")) for line in lines} == {widths[scheme.attrib["type"]]}


def test_meld_takes_the_question_that_was_chosen(releases: Path, tmp_path: Path) -> None:
    source = Source(load(releases / "dialogue"))
    render(views()["meld"], source, tmp_path / "view", {"question": "sentiment"})
    lines = (tmp_path / "view/train_sent_emo.csv").read_text().splitlines()
    assert [line.split(",")[-8:-6] for line in lines[2:]] == [["", ""], ["negative", "negative"]]
    with pytest.raises(ViewRefusedError, match="has no category question 'mood'"):
        render(views()["meld"], source, tmp_path / "other", {"question": "mood"})


def test_windows_of_a_tier_cover_the_trace(film: Source, tmp_path: Path) -> None:
    """The first rater's valence is -, .1, .2, .3, .4, -.5 at 4 Hz: windows of half a second hold two samples."""
    render(views()["elan"], film, tmp_path / "view", {"window_s": "0.5"})
    document = ET.parse(tmp_path / "view/films_fog_mp4.eaf")
    (tier,) = [one for one in document.iter("TIER") if one.attrib["TIER_ID"] == "affect_valence r1"]
    assert [value.text for value in tier.iter("ANNOTATION_VALUE")] == ["0.1", "0.25", "-0.05"]
    times = {
        slot.attrib["TIME_SLOT_ID"]: int(slot.attrib["TIME_VALUE"]) for slot in document.iter("TIME_SLOT")
    }
    starts = [times[one.attrib["TIME_SLOT_REF1"]] for one in tier.iter("ALIGNABLE_ANNOTATION")]
    assert starts == [0, 500, 1000]


def test_coco_takes_the_boxes_of_one_rater_and_leaves_the_pictures_out(
    releases: Path, tmp_path: Path
) -> None:
    source = Source(load(releases / "pictures"))
    render(views()["coco"], source, tmp_path / "view", {"rater": "r2", "media": "no"})
    assert not (tmp_path / "view" / "images").exists()
    assert not list((tmp_path / "view").glob("instances_*"))
    told = json.loads((tmp_path / "view" / "raters_train.json").read_text())
    assert [(one["rater_id"], one["area"]) for one in told["annotations"]] == [("r2", 132)]
    # A rater who was not asked about a picture has not said that nothing is on it.
    assert [image["item_id"] for image in told["images"]] == ["pictures/a.jpg"]
    with pytest.raises(ViewRefusedError, match="no answers of a rater 'r9'"):
        render(views()["coco"], source, tmp_path / "other", {"rater": "r9"})


def test_the_truth_of_coco_is_the_gold_where_there_is_some(releases: Path, tmp_path: Path) -> None:
    render(views()["coco"], Source(load(releases / "pictures")), tmp_path / "view")
    told = {path.stem: json.loads(path.read_text()) for path in (tmp_path / "view").glob("*_t*.json")}
    # In the test split raters drew, but not the same: that is no picture with nothing on it.
    assert sorted(told) == ["instances_train", "raters_test", "raters_train"]
    gold = told["instances_train"]
    assert [image["item_id"] for image in gold["images"]] == ["pictures/a.jpg", "pictures/b.jpg"]
    # What raters called otherwise has a place, but no category.
    assert [(one["bbox"], one["share"], one["mean_iou"]) for one in gold["annotations"]] == [
        ([9, 10, 21, 5.5], 1, 0.88)
    ]
    assert gold["categories"] == told["raters_train"]["categories"] == told["raters_test"]["categories"]
    (cat,) = (one["id"] for one in gold["categories"] if one["name"] == "cat")
    assert gold["annotations"][0]["category_id"] == cat


@pytest.mark.parametrize("form", ["lossy", "lossless", "transparent", "png"])
def test_the_size_of_a_picture_is_that_of_its_header(form: str, tmp_path: Path) -> None:
    path = tmp_path / "picture"
    picture = Image.effect_noise((301, 17), 50).convert("RGBA" if form == "transparent" else "RGB")
    if form == "transparent":
        picture.putalpha(100)
    picture.save(path, "PNG" if form == "png" else "WEBP", lossless=form == "lossless")
    assert picture_size(path, "x") == (301, 17)


def test_a_picture_of_another_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"GIF89a" + bytes(40))
    with pytest.raises(ViewRefusedError, match=r"'a\.gif' is neither WebP nor PNG"):
        picture_size(tmp_path / "picture", "a.gif")
    (tmp_path / "picture").write_bytes(b"RIFF1234WEBPxxxx")
    with pytest.raises(ViewRefusedError, match="no size in its header"):
        picture_size(tmp_path / "picture", "a.webp")
