import hashlib
import tomllib
from collections import Counter
from fnmatch import fnmatchcase

import pytest

from ingest.demo import brainwaves, dialogues, films, pictures
from ingest.demo_corpus import make_demo_corpus, read_truth
from ingest.readers import registry
from ingest.readers.contract import MediaError
from tests.ingest.making import probe


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return make_demo_corpus(tmp_path_factory.mktemp("demo"))


def offered(corpus):
    """Name and path of each file that ingest would take."""
    paths = (path for path in corpus.rglob("*") if path.is_file() and path.name != "corpus.toml")
    named = {str(path.relative_to(corpus)): path for path in paths}
    return {name: path for name, path in sorted(named.items()) if not name.startswith("_")}


@pytest.fixture(scope="module")
def probed(corpus):
    facts, refused = {}, {}
    for name, path in offered(corpus).items():
        try:
            facts[name] = probe(path, name)
        except MediaError as error:
            refused[name] = error.code
    return facts, refused


def test_all_kinds_are_there_and_only_the_broken_file_is_refused(probed):
    facts, refused = probed
    assert Counter(one.kind for one in facts.values()) == {
        "video": 8,
        "audio": 4,
        "image": 13,
        "eeg": 3,
        "dialogue": 3,
    }
    assert refused == {"broken/cut-short.mp4": "truncated"}


def test_the_truth_covers_every_item_but_the_eeg(corpus, probed):
    facts, _ = probed
    items = {
        item.key
        for name, one in facts.items()
        if one.kind != "eeg"
        for item in registry.readers()[one.kind].items(corpus / name, one, name)
    }
    assert items == set(read_truth(corpus))


def test_the_curves_of_a_film_have_a_value_per_frame(corpus, probed):
    facts, _ = probed
    for key, truth in read_truth(corpus).items():
        if key.startswith("films/"):
            assert len(truth["valence"]) == len(truth["arousal"]) == facts[key].n_frames
            assert facts[key].rate_hz == truth["rate_hz"]
            assert all(-1 <= value <= 1 for curve in ("valence", "arousal") for value in truth[curve])


def test_the_description_says_synthetic_and_gives_every_file_its_groups(corpus, probed):
    description = tomllib.loads((corpus / "corpus.toml").read_text())
    assert description["licence"] == "CC0-1.0"
    assert description["synthetic"] is True
    assert "made by script" in description["source"]
    facts, _ = probed
    for name in facts:
        assert any(fnmatchcase(name, pattern) for pattern in description["groups"]), name
    films_in_groups = [keys["film"] for keys in description["groups"].values() if "film" in keys]
    assert len(set(films_in_groups)) >= 3


def test_alpha_waves_come_when_the_eyes_close(corpus):
    import edfio
    import numpy as np

    recording = edfio.read_edf(corpus / "eeg" / "sim01-rest.edf")
    occipital = recording.get_signal("EEG O1").data.reshape(6, -1)
    spectrum = np.abs(np.fft.rfft(occipital * np.hanning(occipital.shape[1]))) ** 2
    frequency = np.fft.rfftfreq(occipital.shape[1], 1 / 256)
    alpha = spectrum[:, (frequency > 8) & (frequency < 13)].sum(axis=1)
    assert alpha[1::2].min() > 5 * alpha[0::2].max()
    assert [note.text for note in recording.annotations] == ["eyes open", "eyes closed"] * 3


def test_a_complete_folder_is_left_alone(corpus):
    before = {name: path.stat().st_mtime_ns for name, path in offered(corpus).items()}
    make_demo_corpus(corpus)
    assert {name: path.stat().st_mtime_ns for name, path in offered(corpus).items()} == before


@pytest.mark.parametrize(
    ("make", "what", "name"),
    [
        (films.make_film, films.FILMS[3], f"films/{films.FILMS[3].name}.mp4"),
        (pictures.make_picture, pictures.PICTURES[1], f"pictures/{pictures.PICTURES[1].name}.jpg"),
        (brainwaves.make_recording, brainwaves.SESSIONS[2], "eeg/sim03-rest.edf"),
        (dialogues.make_dialogues, "office.json", "dialogues/office.json"),
    ],
)
def test_the_same_script_gives_the_same_bytes(corpus, tmp_path, make, what, name):
    again = tmp_path / (corpus / name).name
    make(what, again)
    assert digest(again) == digest(corpus / name)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()
