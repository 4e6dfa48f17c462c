"""Marks in time come out of each tool as intervals: what, from when to when, and what else was said of it."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import audformat
import mne
import pandas as pd
import pympi
import pytest
from label_studio_sdk.label_interface import LabelInterface

FILM = "clips/ana.mp4"


def test_pympi_reads_marks_as_annotations(rendered: Path) -> None:
    document = pympi.Elan.Eaf(str(rendered / "marks-elan/clips_ana_mp4.eaf"))
    # What overlaps the first segment is on a second tier; the last one goes on to the end of the film.
    assert document.get_annotation_data_for_tier("sounds r1") == [(500, 2250, "laughter")]
    assert document.get_annotation_data_for_tier("sounds r1 (2)") == [(2000, 4000, "sobbing")]
    assert document.get_annotation_data_for_tier("sounds_strength r1") == [(500, 2250, "high")]
    assert document.get_annotation_data_for_tier("sounds_apex_s r1") == [(500, 2250, "1")]
    assert document.get_annotation_data_for_tier("sounds gold") == [(500, 2000, "laughter")]
    assert document.get_annotation_data_for_tier("sounds r2") == []  # listened, and heard nothing
    assert document.get_annotation_data_for_tier("face r1") == [(1000, 3000, "AU12")]
    assert document.get_annotation_data_for_tier("things r1") == [(1500, 1501, "cat")]
    assert not [tier for tier in document.get_tier_names() if "start_s" in tier or "r3" in tier]


def test_no_two_annotations_of_a_tier_overlap(rendered: Path) -> None:
    for file in rendered.glob("*-elan/*.eaf"):
        document = pympi.Elan.Eaf(str(file))
        for tier in document.get_tier_names():
            found = sorted(document.get_annotation_data_for_tier(tier))
            assert all(start < end for start, end, _ in found)
            assert all(one[1] <= after[0] for one, after in pairwise(found)), tier


def test_mne_reads_marks_as_annotations(rendered: Path) -> None:
    annotations = mne.read_annotations(rendered / "marks-mne/clips_ana_mp4-annot.txt")
    found = {
        description: (onset, duration)
        for onset, duration, description in zip(
            annotations.onset, annotations.duration, annotations.description, strict=True
        )
    }
    assert found["sounds/laughter/apex_s=1/strength=high/r1"] == (0.5, 1.75)
    assert found["sounds/sobbing/strength=low/r1"] == (2, 2)
    assert found["face/AU12/apex_s=1.5/intensity=C/side=left/r1"] == (1, 2)
    assert found["sounds/laughter/share=0.75/gold"] == (0.5, 1.5)


def test_mne_reads_every_file(rendered: Path) -> None:
    for file in rendered.glob("*-mne/*-annot.txt"):
        assert len(mne.read_annotations(file)) == len(file.read_text().splitlines()) - 2


def test_mne_makes_epochs_of_events(rendered: Path) -> None:
    """Events of EEG-BIDS as MNE-BIDS reads them: onset, duration, and trial_type as the description."""
    stem = rendered / "eeg-marks-eeg-bids/sub-p1/eeg/sub-p1_task-affect_run-1"
    events = pd.read_csv(f"{stem}_events.tsv", sep="\t")
    seen = events[events["trial_type"] == "face"]
    assert seen["response"].tolist() == ["AU4", "AU12"]
    assert seen["onset"].tolist() == [0.5, 1]
    assert seen["duration"].tolist() == [0, 0.75]
    assert seen["face_intensity"].tolist() == ["A", "C"]
    raw = mne.io.read_raw_edf(f"{stem}_eeg.edf", verbose="error")
    raw.set_annotations(mne.Annotations(seen["onset"], seen["duration"], seen["response"]))
    picked, names = mne.events_from_annotations(raw, verbose="error")
    assert {(row[0], row[2]) for row in picked.tolist()} == {(50, names["AU4"]), (100, names["AU12"])}


def test_what_was_rated_of_a_trial_is_in_the_time_of_its_recording(rendered: Path) -> None:
    """The film began half a second after the recording."""
    stem = rendered / "eeg-trial-eeg-bids/sub-p1/eeg/sub-p1_task-affect_run-1"
    events = pd.read_csv(f"{stem}_events.tsv", sep="\t").set_index("trial_type")
    assert events.loc["stimulus", ["onset", "duration", "response"]].tolist() == [0.5, 1.25, "films/fog.mp4"]
    assert events.loc["liking_liking", ["onset", "duration", "response"]].tolist() == [0.5, 1.25, "7"]
    heard = events.loc["sounds", ["onset", "duration", "response", "sounds_apex_s"]]
    assert heard.tolist() == [1, 0.5, "laughter", 1.25]
    assert events.loc["emotion", "onset"].tolist() == [0, 0, 0.5]
    sidecar = json.loads(Path(f"{stem}_recording-r1affecttrials1_physio.json").read_text())
    assert (sidecar["StartTime"], sidecar["Trial"], sidecar["Rater"]) == (0.75, "trials/1", "r1")


@pytest.mark.parametrize("release", ["eeg-marks", "eeg-trial"])
def test_bids_validator_takes_marks(release: str, rendered: Path) -> None:
    program = Path(sys.executable).with_name("bids-validator-deno")
    folder = rendered / f"{release}-eeg-bids"
    done = subprocess.run([program, folder, "--json"], capture_output=True, text=True, check=False)
    issues = json.loads(done.stdout)["issues"]["issues"]
    assert [issue for issue in issues if issue["severity"] == "error"] == []
    # Every column of the events is described.
    assert "TSV_ADDITIONAL_COLUMNS_UNDEFINED" not in {issue["code"] for issue in issues}


@pytest.mark.parametrize("kind", ["audio", "image", "text", "video"])
def test_label_studio_takes_marks_as_regions(kind: str, rendered: Path) -> None:
    folder = rendered / "marks-label-studio" / kind
    interface = LabelInterface((folder / "config.xml").read_text())
    interface.validate()
    (task,) = json.loads((folder / "tasks.json").read_text())
    assert interface.validate_task({"data": task["data"]})
    assert all(interface.validate_annotation(one) for one in task["annotations"])
    # Also of sounds of which raters agree that there are none.
    assert [one["ground_truth"] for one in task["annotations"]].count(True) == 1


def results(rendered: Path, kind: str, rater: str, control: str) -> list[dict]:
    (task,) = json.loads((rendered / "marks-label-studio" / kind / "tasks.json").read_text())
    every = [result for one in task["annotations"] for result in one["result"]]
    return [one for one in every if one["meta"]["rater"] == [rater] and one["from_name"] == control]


def test_regions_of_label_studio_are_where_the_marks_are(rendered: Path) -> None:
    (heard,) = results(rendered, "audio", "r1", "sounds")
    assert heard["value"] == {"start": 0.5, "end": 2.25, "labels": ["laughter"]}
    (strength,) = results(rendered, "audio", "r1", "sounds_strength")
    assert strength["id"] == heard["id"]
    assert strength["value"]["choices"] == ["high"]
    (box,) = results(rendered, "image", "r1", "things")
    assert [box["value"][side] for side in ("x", "y", "width", "height")] == [25, 50, 50, 25]
    (span,) = results(rendered, "text", "r1", "words")
    assert span["value"] == {"start": 4, "end": 8, "text": "cake", "labels": ["cause"]}
    # Frames are counted from 1: the 26th of 25 a second begins after one second.
    smile = results(rendered, "video", "r1", "face")[0]
    assert smile["value"] == {"ranges": [{"start": 26, "end": 75}], "timelinelabels": ["AU12"]}
    (video,) = ET.parse(rendered / "marks-label-studio/video/config.xml").iter("Video")
    assert video.attrib["frameRate"] == "25"
    (gold,) = results(rendered, "video", "gold", "sounds")
    assert gold["value"]["ranges"] == [{"start": 13, "end": 50}]
    (gold,) = results(rendered, "image", "gold", "things")
    assert gold["value"] == box["value"]
    (gold,) = results(rendered, "text", "gold", "words")
    assert gold["value"] == span["value"]


def test_audformat_loads_marks_with_their_times(rendered: Path) -> None:
    database = audformat.Database.load(str(rendered / "marks-audformat"), load_data=True)
    heard = database["sounds.train"].df.loc[(FILM, "r1")]
    assert heard["sounds"].tolist() == ["laughter", "sobbing"]
    assert heard["sounds_start_time"].tolist() == [pd.Timedelta(seconds=0.5), pd.Timedelta(seconds=2)]
    assert heard["sounds_end_time"].tolist() == [pd.Timedelta(seconds=2.25), pd.Timedelta(seconds=4)]
    assert heard["sounds_strength"].tolist() == ["high", "low"]
    units = database["face.train"].df
    assert units["face_start_time"].isna().tolist() == [False, False, True]  # a picture has no time
    gold = database["sounds.train.gold_standard"].df
    assert gold["sounds_share"].tolist() == [0.75]
