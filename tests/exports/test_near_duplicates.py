"""Items that show nearly the same in other files or words stay in one part, or the release says which do not."""

import uuid
from functools import cache

import numpy as np
import pytest

from affectory.alike import picture_print, sound_print
from affectory.alike.sounds import RATE_HZ
from exports.facade import request_release
from exports.models import Release
from exports.services.datasets import request_check
from ingest.models import Fingerprint, Item
from jobs.models import Job, JobState
from tests import factories
from tests.exports.making import dataset, performed, released
from tests.exports.released import table_of

pytestmark = pytest.mark.django_db(transaction=True)
DIALOGUE = "item-0"
RATIO = {"name": "main", "kind": "ratio", "ratios": {"train": 0.5, "test": 0.5}}


def corpus():
    return factories.corpus("corpus-study")


@pytest.fixture(autouse=True)
def _study():
    """First, on the one dialogue that its protocol takes; what is added to the corpus is not in it."""
    factories.study(items=1)


def dataset_of(scheme):
    return dataset(splits=[scheme])


def official(**roles):
    return {"name": "official", "kind": "official", "roles": {**roles, DIALOGUE: "train"}}


def picture(key, seed, *, brighter=0.0):
    """A picture of noise that the seed chooses; without a seed, one that is blank."""
    item = factories.item(key, corpus(), kind="image")
    drawn = np.random.default_rng(seed).uniform(40, 200, (8, 8)) + brighter
    shown = np.kron(drawn, np.ones((20, 20))) if seed is not None else np.full((60, 60), 200.0)
    told = picture_print(shown)
    reason = "" if told else "the picture is blank"
    Fingerprint.objects.create(asset=item.asset, kind="picture", version=1, bits=told, reason=reason)
    return item


@cache
def tones(seed):
    rng = np.random.default_rng(seed)
    steps = RATE_HZ // 8
    pitch = np.repeat(rng.uniform(300, 1800, 30 * 8), steps)
    return sum(np.sin(2 * np.pi * np.cumsum(pitch * part) / RATE_HZ) for part in (1, 1.31, 1.73)).astype(
        np.float32
    )


def sound(keys, samples):
    """An asset with its fingerprint, and items (key, onset_s, offset_s) of it."""
    first, *others = keys
    item = factories.item(first[0], corpus(), kind="audio", onset_s=first[1], offset_s=first[2])
    Fingerprint.objects.create(
        asset=item.asset, kind="sound", version=1, bits=sound_print([samples]), reason=""
    )
    for key, onset_s, offset_s in others:
        factories.item(key, corpus(), kind="audio", asset=item.asset, onset_s=onset_s, offset_s=offset_s)


def checked(of):
    job = performed(request_check(dataset=of, requested_by="test", request_id=uuid.uuid4()))
    assert job.state == JobState.SUCCEEDED, job.error
    return job.result


def refused(of):
    job = performed(request_release(dataset=of, requested_by="test"))
    assert (job.state, job.error["code"]) == (JobState.FAILED, "split_leak")
    return job.error["message"]


def groups(release):
    rows = table_of(release, "splits").to_pylist()
    return {row["item_id"]: row["group_id"] for row in rows if row["item_id"] != DIALOGUE}


def test_pictures_that_are_nearly_the_same_stay_together_and_the_dry_run_shows_one_pair():
    for key, seed in (("a", 1), ("b", 2), ("c", 3), ("plain-1", None), ("plain-2", None)):
        picture(key, seed)
    picture("a-again", 1, brighter=3)
    of = dataset_of(RATIO)
    found = checked(of)["schemes"][0]
    told = found["near_duplicates"]
    assert (found["near_duplicate_links"], told["items"], told["links"]) == (1, 2, {"picture": 1})
    assert (told["example"]["item"], told["example"]["other"]) == ("a", "a-again")
    assert told["example"]["why"].startswith("pictures that differ in 0 of 64 bits and at most 0.")
    assert told["not_compared"] == [{"reason": "the picture is blank", "items": 2}]
    release = released(of)
    placed = groups(release)
    assert placed["a"] == placed["a-again"]
    assert len(set(placed.values())) == 5
    assert release.summary["schemes"][0]["near_duplicates"] == told


def test_items_without_a_fingerprint_are_counted_and_theirs_is_asked_for_once():
    factories.item("old", corpus(), kind="image")
    picture("new", 1)
    of = dataset_of(RATIO)
    for _ in range(2):
        told = checked(of)["schemes"][0]["near_duplicates"]["not_compared"]
        assert told == [{"reason": "its fingerprint is still to be taken", "items": 1}]
    performed(Job.objects.get(kind="ingest.fingerprints"))
    (told,) = checked(of)["schemes"][0]["near_duplicates"]["not_compared"]
    assert told["items"] == 1
    assert "is not in the store" in told["reason"]
    assert Job.objects.filter(kind="ingest.fingerprints").count() == 1


def test_a_list_that_parts_near_duplicates_is_refused_with_the_pair_and_what_allows_it():
    picture("a", 1)
    picture("b", 1, brighter=3)
    scheme = official(a="train", b="test")
    message = refused(dataset_of(scheme))
    assert (
        "official: id=a in train and id=b in test show the same: pictures that differ in 0 of 64" in message
    )
    assert '"near_duplicates": false in the scheme lets them stand apart' in message
    assert not Release.objects.exists()
    assert released(dataset_of({**scheme, "near_duplicates": False})).version == "1.0.0"


def test_a_link_that_is_found_later_between_old_parts_is_refused():
    for n in range(4):
        picture(f"p{n}", n)
    of = dataset_of(RATIO)
    rows = table_of(released(of), "splits").to_pylist()
    by_role = {row["role"]: row["item_id"] for row in rows if row["item_id"] != DIALOGUE}
    train, test = (Item.objects.get(key=by_role[role]) for role in ("train", "test"))
    same = train.asset.fingerprints.get().bits
    Fingerprint.objects.filter(asset=test.asset).update(bits=same)
    first, second = sorted([(train.key, "train"), (test.key, "test")])
    message = refused(of)
    assert f"main: id={first[0]} in {first[1]} and id={second[0]} in {second[1]} show the same" in message
    assert "under another name the scheme begins afresh" in message


def test_a_new_item_between_old_parts_gets_no_role_and_the_reason_names_both():
    """A cut of two films that stand in other parts already."""
    sound([("film-a", 0, 20)], tones(1)[: 20 * RATE_HZ])
    sound([("film-b", 0, 20)], tones(2)[: 20 * RATE_HZ])
    of = dataset_of(RATIO)
    assert set(groups(released(of))) == {"film-a", "film-b"}
    sound([("trailer", 0, 16)], np.concatenate([tones(1)[: 8 * RATE_HZ], tones(2)[: 8 * RATE_HZ]]))
    message = refused(of)
    assert "main: id=trailer has no role: it shows the same as id=film-a in" in message
    assert "and id=film-b in" in message
    assert "s of sound are the same, 0.0 s into one file and" in message


def test_of_a_long_recording_only_the_items_are_tied_that_a_clip_shows():
    sound([("begin", 0, 10), ("middle", 10, 20), ("end", 20, 30)], tones(3))
    sound([("clip", 0, 8)], tones(3)[11 * RATE_HZ : 19 * RATE_HZ] / 2)
    placed = groups(released(dataset_of(RATIO)))
    assert placed["clip"] == placed["middle"]
    assert len(set(placed.values())) == 3


def test_texts_with_another_word_stay_together_and_lines_of_one_file_do_not():
    said = (
        "when the rain had stopped we walked down to the harbour and looked at the boats until it grew dark"
    )
    listed = factories.item("words#1", corpus(), kind="image").asset
    Item.objects.filter(key="words#1").delete()
    for key, text in (("t1", said), ("t2", said.replace("boats", "ships")), ("t3", said[:60])):
        factories.item(key, corpus(), kind="text", text=text)
    for n in range(3):
        factories.item(f"list#{n}", corpus(), kind="text", text=f"word {n}", asset=listed)
    release = released(dataset_of(RATIO))
    placed = groups(release)
    assert placed["t1"] == placed["t2"]
    assert len(set(placed.values())) == 5
    assert release.summary["schemes"][0]["near_duplicates"]["links"] == {"phrases": 1}
