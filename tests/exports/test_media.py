"""Releases with media, from files that were taken in to a folder that BIDS tools open."""

import hashlib
import json
import uuid
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import affectory
from accounts.facade import new_token
from affectory.cli import main
from affectory.errors import NotFound
from annotation.protocol import preset
from annotation.services.studies import create_study
from exports.facade import request_release
from exports.models import Release
from exports.services.datasets import request_check
from ingest.models import Corpus
from ingest.services.drafts import GroupRequest
from ingest.services.folders import offer_folder
from ingest.services.groups import make_groups
from jobs.models import Job, JobState
from jobs.services import perform
from storage.facade import read_bytes
from storage.objects import FolderStore, store
from tests import factories
from tests.exports.making import dataset, performed, released
from tests.exports.released import table_of
from tests.factories import Rater
from tests.ingest.making import make_edf, make_tone

pytestmark = pytest.mark.django_db(transaction=True)
SIGNALS = np.random.default_rng(0).normal(0, 30, (2, 128 * 8)).clip(-199, 199)
DESCRIPTION = """licence = "CC-BY-4.0"
[groups]
"s01-*" = { subject = "s01" }
"s02-*" = { subject = "s02" }
"""
EDFS = ("s01-rest.EDF", "s02-rest.EDF")


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "recordings"
    made.mkdir()
    (made / "corpus.toml").write_text(DESCRIPTION)
    for n, name in enumerate(EDFS):
        make_edf(made / name, SIGNALS + n)
    make_tone(made / "s01-tune.wav")
    return made


@pytest.fixture
def recordings(folder):
    """Two recordings and a tune, taken in, and rated by one person."""
    lab = factories.lab()
    list(offer_folder(folder=folder, corpus_name="recordings", organisation=lab, requested_by="test"))
    for job in Job.objects.filter(kind="ingest.file", state=JobState.QUEUED):
        perform(job.pk)
    document = preset("dreamer")
    document["raters"] |= {"practice_items": 0, "per_item": 1}
    study = create_study(
        organisation=lab, slug="study", title="S", document=document | {"item_kinds": ["eeg", "audio"]},
        collection=factories.collection(Corpus.objects.get(), "all-study"), requested_by="test",
    )  # fmt: skip
    rater = Rater.consented(study)
    while (assignment := rater.next()) is not None:
        rater.submit(assignment)
    return study


def full(**recipe):
    return dataset(media="full", split={"keys": ["subject"]}, **recipe)


@pytest.fixture
def client(live_server, tmp_path, monkeypatch):
    """The command line of somebody else's machine."""
    _, secret = new_token(user=factories.researcher(), name="test")
    monkeypatch.setenv("AFFECTORY_SERVER", live_server.url)
    monkeypatch.setenv("AFFECTORY_TOKEN", secret)
    monkeypatch.setenv("AFFECTORY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("AFFECTORY_CONFIG", str(tmp_path / "login.json"))
    monkeypatch.chdir(tmp_path)
    return main


def media(folder):
    return {path.suffix for path in Path(folder).rglob("media/*/*")}


def test_originals_come_as_they_were_taken_in_beside_what_raters_heard(recordings, folder, client):
    released(full())
    for wanted, suffixes in {"none": set(), "proxy": {".m4a"}, "full": {".m4a", ".wav", ".edf"}}.items():
        assert client(["pull", "d", "--media", wanted, "-o", wanted, "-q"]) == 0
        assert media(wanted) == suffixes
        assert client(["verify", wanted, "-q"]) == 0
    loaded = affectory.load(Path("full"))
    for item, name in {"s01-rest.EDF": EDFS[0], "s01-tune.wav": "s01-tune.wav"}.items():
        assert loaded.media_path(item, original=True).read_bytes() == (folder / name).read_bytes()
    assert loaded.media_path("s01-tune.wav").suffix == ".m4a"
    assert loaded.media_path("s02-rest.EDF").suffix == ".edf"  # raters saw a picture of it, drawn for them


def test_the_originals_of_one_split_come_alone(recordings, client):
    released(full())
    roles = affectory.load("d").to_pandas().set_index("item_id")["split"]
    assert client(["pull", "d", "--media", "full", "--filter", "kind=audio", "-q"]) == 0
    assert media("d-1.0.0") == {".m4a", ".wav"}
    assert client(["pull", "d", "--media", "full", "--split", roles["s02-rest.EDF"], "-o", "part", "-q"]) == 0
    assert client(["verify", "part", "-q"]) == 0


def test_eeg_bids_is_made_from_a_release_of_the_server(recordings, folder, client):
    released(full())
    assert client(["export", "eeg-bids", "d@1.0.0", "--to", "bids", "-q"]) == 0
    participants = pd.read_csv("bids/participants.tsv", sep="\t")["participant_id"]
    assert list(participants) == ["sub-s01", "sub-s02"]
    recording = Path("bids/sub-s01/eeg/sub-s01_task-affect_run-1_eeg.edf")
    assert recording.read_bytes() == (folder / EDFS[0]).read_bytes()
    events = pd.read_csv("bids/sub-s01/eeg/sub-s01_task-affect_run-1_events.tsv", sep="\t")
    assert set(events["duration"]) == {8.0}
    assert client(["export", "webdataset", "d@1.0.0", "--to", "shards", "-q"]) == 0


def test_a_release_with_proxies_only_says_what_eeg_bids_needs(recordings, client, capsys):
    released(dataset(media="proxy", split={"keys": ["subject"]}))
    assert client(["pull", "d", "--media", "full", "-q"]) == 2
    assert client(["export", "eeg-bids", "d@1.0.0", "--to", "bids", "-q"]) != 0
    assert "media policy full" in capsys.readouterr().err


def test_originals_are_linked_not_copied_and_asking_for_them_only_adds(recordings, monkeypatch):
    released(dataset(media="proxy", split={"keys": ["subject"]}))
    monkeypatch.setattr("affectory.release.writer.shutil", None)  # a copy would need it
    release = released(full())
    assert release.version == "1.1.0"
    assert {Path(path).suffix for path in release.files.values_list("path", flat=True)} >= {
        ".wav",
        ".edf",
        ".m4a",
    }


def test_a_build_reads_no_media_from_a_store_elsewhere(recordings, monkeypatch):
    read, whole = [], FolderStore.read

    def counted(store, sha256, start, stop):
        read.append(sha256)
        return whole(store, sha256, start, stop)

    released(dataset(media="proxy", split={"keys": ["subject"]}))
    monkeypatch.setattr(FolderStore, "local_path", lambda *_: None)  # as a bucket: bytes come by reading only
    monkeypatch.setattr(FolderStore, "read", counted)
    release = released(full())
    media_files = release.files.filter(path__startswith="media/")
    assert read  # the parent's tables, to compare with
    assert not set(read) & set(media_files.values_list("sha256", flat=True))
    assert all(len(read_bytes(file.sha256)) == file.size for file in media_files)


def test_a_medium_that_the_store_has_lost_stops_the_build(recordings):
    released(dataset(media="proxy", split={"keys": ["subject"]}))
    lost = Release.objects.get().files.filter(path__startswith="media/").first()
    store().delete(lost.sha256)
    job = performed(request_release(dataset=full(), requested_by="test"))
    assert job.state == JobState.FAILED
    assert lost.sha256 in job.error["message"]
    assert Release.objects.count() == 1


def test_without_a_licence_originals_are_not_handed_on(recordings):
    Corpus.objects.update(licence="")
    job = performed(request_release(dataset=full(), requested_by="test"))
    assert job.state == JobState.FAILED
    assert "'recordings' cannot be handed on, as it states no licence" in str(job.error)
    assert released(dataset(media="proxy", split={"keys": ["subject"]})).version == "1.0.0"


def test_the_dry_run_counts_them(recordings):
    job = performed(request_check(dataset=full(), requested_by="test", request_id=uuid.uuid4()))
    assert job.state == JobState.SUCCEEDED, job.error
    assert job.result["media_files"] == 4  # a proxy, and three originals


def test_an_erased_person_goes_from_the_store_with_her_originals(recordings, folder):
    release = released(full())
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in EDFS}
    assert set(digests.values()) <= set(release.files.values_list("sha256", flat=True))
    person = {"corpus": "recordings", "group": "subject", "value": "s01"}
    body = {"id": str(uuid.uuid4()), "reason": "consent taken back", **person}
    asked = factories.signed_in().post("/api/erasures/", body, content_type="application/json")
    assert asked.status_code == 202
    for job in Job.objects.filter(kind__in=["exports.erase", "exports.withdraw"]).order_by("-created_at"):
        if job.state != JobState.SUCCEEDED:
            assert performed(job).state == JobState.SUCCEEDED, job.error
    with pytest.raises(NotFound):
        read_bytes(digests[EDFS[0]])
    assert read_bytes(digests[EDFS[1]]) == (folder / EDFS[1]).read_bytes()
    told = factories.signed_in().get("/api/datasets/d/").json()["latest"]
    successor = release.dataset.releases.get(version=told["version"])
    kept = set(successor.files.values_list("sha256", flat=True))
    assert digests[EDFS[1]] in kept
    assert digests[EDFS[0]] not in kept


@pytest.fixture
def trials(tmp_path):
    """Recordings of two people who heard a tune each, shown together; the release holds the trials only."""
    made = tmp_path / "trials"
    made.mkdir()
    (made / "corpus.toml").write_text(DESCRIPTION)
    for n, name in enumerate(("s01-tune", "s02-song")):
        make_edf(made / f"{name}.edf", SIGNALS + n)
        make_tone(made / f"{name}.wav", seconds=2 + n)
    lab = factories.lab()
    list(offer_folder(folder=made, corpus_name="heard", organisation=lab, requested_by="test"))
    for job in Job.objects.filter(kind="ingest.file", state=JobState.QUEUED):
        perform(job.pk)
    factories.collection(Corpus.objects.get(), "all")
    groups = make_groups(
        organisation_id=lab.pk, collection="all", requested_by="test",
        request=GroupRequest(design="trial", name="trials", other_kind="audio"),
    )  # fmt: skip
    document = preset("dreamer")
    document["raters"] |= {"practice_items": 0, "per_item": 1}
    study = create_study(
        organisation=lab, slug="study", title="S", document=document | {"item_kinds": ["trial"]},
        collection=groups.collection, requested_by="test",
    )  # fmt: skip
    rater = Rater.consented(study)
    while (assignment := rater.next()) is not None:
        rater.submit(assignment)
    return made


def test_parts_that_are_no_items_of_the_release_come_with_their_files(trials, client):
    released(full(collection="trials"))
    loaded = affectory.load("d")
    assert loaded.to_pandas()["item_id"].tolist() == ["trials/1", "trials/2"]
    assert client(["pull", "d", "--media", "full", "-o", "all", "-q"]) == 0
    held = affectory.load(Path("all"))
    for n, name in enumerate(("s01-tune", "s02-song"), start=1):
        for part, suffix in {"recording": ".edf", "stimulus": ".wav"}.items():
            file = held.media_path(f"trials/{n}", part=part, original=True)
            assert file.read_bytes() == (trials / f"{name}{suffix}").read_bytes()
    assert held.media_path("trials/1", part="stimulus").suffix == ".m4a"
    chosen = ["--filter", "subject=s02", "-o", "one", "-q"]
    assert client(["pull", "d", "--media", "proxy", *chosen]) == 0
    assert media("one") == {".m4a"}
    assert len(list(Path("one").rglob("media/*/*"))) == 1


def test_eeg_bids_has_recordings_that_only_trials_show(trials, client):
    released(full(collection="trials"))
    assert client(["export", "eeg-bids", "d@1.0.0", "--to", "bids", "-q"]) == 0
    stem = "bids/sub-s02/eeg/sub-s02_task-affect_run-1"
    assert Path(f"{stem}_eeg.edf").read_bytes() == (trials / "s02-song.edf").read_bytes()
    events = pd.read_csv(f"{stem}_events.tsv", sep="\t")
    assert events.loc[events["trial_type"] == "stimulus", "response"].tolist() == ["s02-song.wav"]


def test_parts_have_no_originals_in_a_release_of_proxies(trials):
    items = table_of(released(dataset(collection="trials", media="proxy")), "items").to_pydict()
    assert [set(json.loads(paths)) for paths in items["part_media_paths"]] == [{"stimulus"}] * 2
    assert "part_original_paths" not in items
