"""Layouts of corpora read as their published loaders read them: by name, column, separator and order.

MuSe: the data parser of the challenge; MELD: its CSV reader; NOVA: the readers of SSI annotations.
"""

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from affectory.client.loading import load
from affectory.views import views
from affectory.views.rendering import render
from affectory.views.source import Source
from tests.affectory.views import samples
from tests.affectory.views.samples import FOG


def shown(releases: Path, release: str, format_: str, target: Path) -> Path:
    render(views()[format_], Source(load(releases / release)), target)
    return target


# --- MuSe -----------------------------------------------------------------------------------------------------


def muse_labels(folder: Path, dimension: str) -> dict[str, list[pd.DataFrame]]:
    """Partition -> labels of its subjects: the first column of the list is the id, the last the partition."""
    found: dict[str, list[pd.DataFrame]] = {"train": [], "devel": [], "test": []}
    for row in pd.read_csv(folder / "metadata/partition.csv").to_numpy():
        subject, partition = str(row[0]), row[-1]
        labels = pd.read_csv(folder / "label_segments" / dimension / f"{subject}.csv")
        meta = np.column_stack(([int(subject)] * len(labels), labels[["timestamp", "segment_id"]].to_numpy()))
        found[partition].append(pd.DataFrame(meta, columns=["id", "timestamp", "segment"]).assign(
            value=labels["value"]
        ))  # fmt: skip
    return found


def test_the_parser_of_muse_finds_labels_of_every_subject(releases: Path, tmp_path: Path) -> None:
    folder = shown(releases, "film", "muse", tmp_path / "muse")
    found = muse_labels(folder, "valence")
    assert {partition: len(own) for partition, own in found.items()} == {"train": 1, "devel": 1, "test": 0}
    (fog,) = found["train"]
    assert fog["timestamp"].tolist() == [250, 750, 1000, 1250]
    assert fog["value"].tolist() == [0.1, 0.4, 0.2, -0.5]
    assert fog["segment"].tolist() == [1, 2, 2, 2]
    names = pd.read_csv(folder / "metadata/names.csv").set_index("id")["item_id"]
    assert names[fog["id"][0]] == FOG


def test_the_toolbox_of_muse_finds_a_column_per_rater(releases: Path, tmp_path: Path) -> None:
    raw = pd.read_csv(shown(releases, "film", "muse", tmp_path / "muse") / "raw/arousal/1.csv")
    assert raw.columns.tolist() == ["timestamp", "r1", "r2"]
    assert raw["timestamp"].diff().dropna().unique().tolist() == [0.25]
    np.testing.assert_array_equal(raw["r2"], [0, -0.1, np.nan, -0.5, 0, np.nan])


# --- MELD -----------------------------------------------------------------------------------------------------


def test_the_reader_of_meld_finds_dialogues_in_their_order(releases: Path, tmp_path: Path) -> None:
    folder = shown(releases, "dialogue", "meld", tmp_path / "meld")
    rows = pd.read_csv(folder / "train_sent_emo.csv")
    header = (folder / "train_sent_emo.csv").read_text().splitlines()[0]
    assert header == (
        "Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID,Season,Episode,StartTime,EndTime"
    )
    clips = [f"dia{one.Dialogue_ID}_utt{one.Utterance_ID}.mp4" for one in rows.itertuples()]
    assert clips == ["dia0_utt0.mp4", "dia0_utt1.mp4", "dia0_utt2.mp4"]
    assert rows["Utterance"].tolist() == [
        "Did you set the timer, Tom?",
        "Yes, for the cake!",
        'The "timer"?',
    ]
    assert rows["Speaker"].tolist() == ["Nora", "Nora", "Tom"]
    emotions = {"neutral": 0, "surprise": 1, "fear": 2, "sadness": 3, "joy": 4, "disgust": 5, "anger": 6}
    assert rows["Emotion"].map(emotions).tolist() == [0, 6, 1]
    sentiments = {"neutral": 0, "positive": 1, "negative": 2}
    np.testing.assert_array_equal(rows["Sentiment"].map(sentiments), [0, np.nan, 2])


def test_the_development_set_of_meld_is_called_dev(tmp_path: Path) -> None:
    samples.dialogue_release(tmp_path / "release", test="validation")
    render(views()["meld"], Source(load(tmp_path / "release")), tmp_path / "meld")
    rows = pd.read_csv(tmp_path / "meld/dev_sent_emo.csv")
    assert rows[["Dialogue_ID", "Utterance_ID", "Speaker"]].to_numpy().tolist() == [[0, 0, "Ida"]]
    assert not (tmp_path / "meld/test_sent_emo.csv").exists()


# --- NOVA -----------------------------------------------------------------------------------------------------


@dataclass
class Annotation:
    """An annotation as NOVA holds it: (from, to, label, confidence), or (score, confidence) at a rate."""

    role: str
    annotator: str
    scheme: str
    rate_hz: float | None = None
    range_: tuple[float, float] | None = None
    segments: list[tuple[float, float, str, float]] = field(default_factory=list)
    scores: list[tuple[float, float]] = field(default_factory=list)


def dotnet_number(text: str) -> float:
    """Read a number as .NET Framework does, on which NOVA runs: it knows `NaN`, but no `nan`."""
    assert re.fullmatch(r"NaN|-?\d+(\.\d+)?([eE][-+]?\d+)?", text), text
    return float(text)


def read_nova(header: Path) -> Annotation:
    root = ET.parse(header).getroot()
    info, meta, scheme = (root.find(name) for name in ("info", "meta", "scheme"))
    assert info is not None
    assert meta is not None
    assert scheme is not None
    assert info.get("ftype") == "ASCII"
    with header.with_name(f"{header.name}~").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.reader(stream, delimiter=";", quotechar='"'))
    assert len(lines) == int(info.attrib["size"])
    read = Annotation(meta.attrib["role"], meta.attrib["annotator"], scheme.attrib["name"])
    if scheme.get("type") == "CONTINUOUS":
        read.rate_hz = float(scheme.attrib["sr"])
        read.range_ = float(scheme.attrib["min"]), float(scheme.attrib["max"])
        read.scores = [(dotnet_number(score), dotnet_number(confidence)) for score, confidence in lines]
        return read
    names = {item.attrib["id"]: item.attrib["name"] for item in scheme.iter("item")}
    discrete = scheme.get("type") == "DISCRETE"
    for start, end, told, confidence in lines:
        label = names[told] if discrete else told
        read.segments.append((dotnet_number(start), dotnet_number(end), label, dotnet_number(confidence)))
    return read


def test_nova_finds_traces_at_their_rate(releases: Path, tmp_path: Path) -> None:
    folder = shown(releases, "film", "nova", tmp_path / "nova") / "films_fog_mp4"
    trace = read_nova(folder / "subject.affect_valence.r2.annotation")
    assert (trace.role, trace.annotator, trace.scheme) == ("subject", "r2", "affect_valence")
    assert (trace.rate_hz, trace.range_) == (4, (-1, 1))
    np.testing.assert_array_equal(trace.scores, [(0, 1), (0.1, 1), (np.nan, 0), (0.5, 1), (0, 1)])
    emotion = read_nova(folder / "subject.emotion.gold.annotation")
    assert emotion.segments == [(0, 1.5, "joy", 1)]


def test_nova_finds_marks_as_segments(releases: Path, tmp_path: Path) -> None:
    folder = shown(releases, "marks", "nova", tmp_path / "nova") / "clips_ana_mp4"
    heard = {who: read_nova(folder / f"subject.sounds.{who}.annotation") for who in ("r1", "r2", "gold")}
    assert heard["r1"].segments == [(0.5, 2.25, "laughter", 1), (2, 4, "sobbing", 1)]
    assert heard["r2"].segments == []  # listened, and heard nothing
    assert heard["gold"].segments == [(0.5, 2, "laughter", 1)]
    coded = read_nova(folder / "subject.face.r1.annotation")
    assert coded.segments == [(1, 3, "AU12", 1), (2.5, 3.5, "AU4", 1)]
    assert read_nova(folder / "subject.face_intensity.r1.annotation").segments == [
        (1, 3, "C", 1),
        (2.5, 3.5, "A", 1),
    ]
    assert not list(folder.glob("*start_s*"))


@pytest.mark.parametrize("told", ['"None', 'so "to say"; well', samples.WORLDLY])
def test_nova_reads_any_free_text_as_one_field(told: str, tmp_path: Path) -> None:
    release, item = tmp_path / "release", FOG
    tables = samples.film_tables()
    tables[1][1].append(
        samples.answer(item, "r1", "why", told, dimension="text") | {"value_label": None, "value_text": told}
    )
    samples.write(release, tables, name="told", schemes=samples.FILM_SCHEMES)
    render(views()["nova"], Source(load(release)), tmp_path / "nova")
    free = read_nova(tmp_path / "nova/films_fog_mp4/subject.why.r1.annotation")
    ((start, end, label, _),) = free.segments
    assert (start, end) == (0, 1.5)
    assert label.split() == told.replace(";", ",").replace('"', "'").split()
