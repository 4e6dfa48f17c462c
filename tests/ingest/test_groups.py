"""Items of several parts, made from a collection."""

from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command

from affectory.errors import Conflict, Invalid
from ingest.models import Item
from ingest.services.drafts import GroupRequest
from ingest.services.groups import make_groups, parts_of
from tests import factories

pytestmark = pytest.mark.django_db


def _made(design, name="made", **more):
    return make_groups(
        organisation_id=factories.lab().pk,
        collection="all",
        request=GroupRequest(design=design, name=name, **more),
        requested_by="test",
    )


def _corpus(**kinds):
    of = factories.corpus()
    for kind, keys in kinds.items():
        for key in keys:
            factories.item(key, of, kind=kind, text=key if kind == "text" else None, groups={"film": key[0]})
    factories.collection(of)
    return of


def _shown(item):
    return [(part.name, part.key, part.fixed) for part in parts_of([item.pk])[item.pk]]


def test_all_pairs_of_a_collection_carry_the_group_keys_of_both_parts():
    _corpus(image=["a1", "a2", "b1"])
    made = _made("all_pairs")
    groups = list(Item.objects.filter(key__startswith="made/").order_by("key"))
    assert (made.kind, made.n_groups, [item.key for item in groups]) == (
        "group",
        3,
        ["made/1", "made/2", "made/3"],
    )
    assert _shown(groups[0]) == [("a", "a1", False), ("b", "a2", False)]
    assert [item.groups for item in groups] == [{"film": "a"}, {"film": ["a", "b"]}, {"film": ["a", "b"]}]
    client = factories.signed_in()
    shown = client.get("/api/corpora/films/items/?kind=group").json()["results"]
    assert shown[1]["groups"] == {"film": "a; b"}
    assert [part["key"] for part in shown[0]["parts"]] == ["a1", "a2"]


def test_pairs_within_a_group_key_never_cross_it():
    _corpus(image=["a1", "a2", "a3", "b1", "b2", "b3"])
    _made("pairs", per_item=2, within="film")
    groups = Item.objects.filter(key__startswith="made/")
    assert sorted(item.groups["film"] for item in groups) == ["a", "a", "a", "b", "b", "b"]


def test_tuples_of_texts_are_term_lists():
    _corpus(text=[f"{letter}-word" for letter in "abcdefgh"])
    made = _made("tuples", factor=1.5)
    assert (made.kind, made.n_groups) == ("terms", 12)
    keys = list(Item.objects.filter(kind="terms").order_by("key").values_list("key", flat=True))
    assert all(one < other for one, other in pairwise(keys))


def test_captions_are_found_by_name_and_lonely_ones_are_told():
    of = _corpus(image=["pictures/x.jpg", "pictures/y.jpg"])
    for key in ("captions/x.txt", "captions/z.txt"):
        factories.item(key, of, kind="text", text="A caption.")
    made = _made("captions")
    (group,) = Item.objects.filter(kind="group")
    assert _shown(group) == [("image", "pictures/x.jpg", True), ("caption", "captions/x.txt", True)]
    assert made.unmatched == ["captions/z.txt", "pictures/y.jpg"]


def test_a_matching_task_knows_its_answer_and_offers_strangers():
    _corpus(audio=["a.wav", "b.wav"], image=["a.jpg", "b.jpg", "c.jpg"])
    _made("matching", fixed_kind="audio", other_kind="image", candidates=3, seed=2)
    for group in Item.objects.filter(kind="group"):
        shown = _shown(group)
        assert shown[0][0] == "audio"
        right = next(key for name, key, _ in shown if name == group.metadata["answer"])
        assert right.split(".")[0] == shown[0][1].split(".")[0]
        assert len({key for _, key, _ in shown}) == 4


def test_the_same_request_again_adds_nothing_and_another_under_its_name_is_refused():
    _corpus(image=["a", "b", "c", "d"])
    _made("pairs", per_item=2)
    n = Item.objects.count()
    assert _made("pairs", per_item=2).n_groups == 4
    assert Item.objects.count() == n
    with pytest.raises(Conflict, match="other groups called made"):
        _made("pairs", per_item=2, seed=1)


@pytest.mark.parametrize(
    ("design", "more", "reason"),
    [
        ("tuples", {}, "more than 4 things; there are 3"),
        ("pairs", {"within": "speaker"}, "within: 'a' has no group key 'speaker'"),
        ("matching", {"fixed_kind": "image", "other_kind": "image", "candidates": 4}, "only 2 other image"),
        ("captions", {}, "nothing to put together"),
        ("pairs", {"name": "a/b"}, "name: 'a/b'"),
    ],
)
def test_what_cannot_be_put_together_is_refused_with_the_reason(design, more, reason):
    _corpus(image=["a", "b", "c"])
    with pytest.raises(Invalid, match=reason):
        _made(design, **more)


def test_groups_are_made_through_the_api_for_ones_own_collections_only():
    _corpus(image=["a", "b", "c"])
    body = {"design": "pairs", "name": "duels", "per_item": 2}
    made = factories.signed_in().post("/api/collections/all/groups/", body, content_type="application/json")
    assert made.status_code == 201
    assert made.json() == {"collection": "duels", "kind": "group", "n_groups": 3, "unmatched": []}
    other = factories.signed_in("eve@other.example", "other")
    assert (
        other.post("/api/collections/all/groups/", body, content_type="application/json").status_code == 404
    )
    wrong = factories.signed_in().post(
        "/api/collections/all/groups/", {**body, "size": 1}, content_type="application/json"
    )
    assert wrong.status_code == 400
    assert "size" in str(wrong.json())


def test_groups_are_made_by_command(capsys):
    _corpus(image=["a", "b", "c"])
    call_command("make-groups", "all", "duels", "--design", "all_pairs")
    assert "3 items of kind group in the collection duels" in capsys.readouterr().out
    call_command(
        "make-groups", "pictures", "again", "--corpus", "films", "--kind", "image", "--design", "all_pairs"
    )
    assert "3 items of kind group in the collection again" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no collection 'none'"):
        call_command("make-groups", "none", "duels", "--design", "all_pairs")


def _timed(item):
    parts = parts_of([item.pk])[item.pk]
    return [(part.key, part.onset_s) for part in parts], (item.onset_s, item.offset_s)


def test_images_of_a_folder_are_a_sequence_in_the_order_of_their_numbers():
    _corpus(image=["walk/f10.png", "walk/f9.png", "run/f1.png"], text=["walk/notes"])
    made = _made("sequence", within="folder", rate_hz=25)
    assert (made.kind, made.n_groups) == ("sequence", 2)
    run, walk = sorted(Item.objects.filter(kind="sequence"), key=lambda item: item.offset_s)
    assert _timed(walk) == ([("walk/f9.png", 0.0), ("walk/f10.png", 0.04)], (0.0, 0.08))
    assert _timed(run) == ([("run/f1.png", 0.0)], (0.0, 0.04))
    assert _made("sequence", within="folder", rate_hz=25).n_groups == 2
    with pytest.raises(Conflict):
        _made("sequence", within="folder", rate_hz=24)


def test_each_image_may_have_a_time_of_its_own():
    of = _corpus()
    for key, seconds in (("a", "0.5"), ("b", 2), ("c", 1)):
        factories.item(key, of, kind="image", metadata={"seconds": seconds})
    _made("sequence", timed_by="seconds")
    (shown,) = Item.objects.filter(kind="sequence")
    assert _timed(shown) == ([("a", 0.0), ("b", 0.5), ("c", 2.5)], (0.0, 3.5))


def test_a_trial_is_a_recording_with_what_was_played_to_the_recorded_person():
    of = _corpus(video=["films/x.mp4", "films/y.mp4"])
    factories.item("eeg/x.edf", of, kind="eeg", metadata={"film_at": 12.5})
    made = _made("trial", other_kind="video", timed_by="film_at")
    assert (made.kind, made.unmatched) == ("trial", ["films/y.mp4"])
    (trial,) = Item.objects.filter(kind="trial")
    assert _shown(trial) == [("recording", "eeg/x.edf", True), ("stimulus", "films/x.mp4", True)]
    assert _timed(trial) == ([("eeg/x.edf", -12.5), ("films/x.mp4", 0.0)], (0.0, factories.DURATION_S))


@pytest.mark.parametrize(
    ("design", "more", "reason"),
    [
        ("sequence", {}, "say one of rate_hz, still_s and timed_by"),
        ("sequence", {"rate_hz": 2, "still_s": 1}, "say one of rate_hz, still_s and timed_by"),
        ("sequence", {"timed_by": "film"}, "timed_by: 'a' has no seconds in 'film'; it has 'a'"),
        ("trial", {"other_kind": "image"}, "other_kind: the stimulus of a trial is one of video, audio"),
    ],
)
def test_what_has_no_times_is_refused_with_the_reason(design, more, reason):
    _corpus(image=["a", "b"])
    with pytest.raises(Invalid, match=reason):
        _made(design, **more)
