"""A study about one's own recordings: whoever made them gets them, and nobody else does."""

import pytest

from annotation.protocol import ProtocolSerializer
from annotation.services.studies import create_study
from ingest.models import Item
from tests import factories
from tests.annotation.recorded import pseudonym, record, recorded_sound, recording_study, self_study, work
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def makers():
    """Two people who handed in two recordings each, all of the same bytes."""
    study = recording_study()
    made = [Rater.consented(study) for _ in range(2)]
    same = recorded_sound()
    for maker in made:
        for _ in range(2):
            record(maker, same)
    work()
    return made


def _arrive(study, earlier="", arrival_id=None):
    rater = Rater(study)
    body = {"arrival_id": arrival_id or rater.arrival_id, "earlier": earlier}
    answer = rater.post(f"invites/{study.invite_code}/arrive/", body)
    if answer.status_code < 300:
        rater.token = answer.json()["token"]
        rater.consent()
    return rater, answer


def _keys(rater):
    """Keys of all items that a rater gets, one after the other."""
    keys = []
    while assignment := rater.next():
        keys.append(Item.objects.get(pk=assignment["item"]["id"]).key)
        assert rater.submit(
            assignment, {"affect": {"trace": rater.trace_values(assignment, "affect", [[0.5]] * 9)}}
        )
    return keys


def test_each_maker_gets_her_own_items_under_the_same_pseudonym(makers):
    study = self_study(makers[0].study)
    for maker in makers:
        rater, answer = _arrive(study, maker.token)
        told = answer.json()["participation"]
        assert (answer.status_code, told["rater"]) == (201, pseudonym(maker))
        assert told["progress"]["total"] == 2
        keys = _keys(rater)
        assert len(keys) == 2
        assert all(key.startswith(f"{pseudonym(maker)}/") for key in keys)
        assert rater.get("participation/").json()["state"] == "completed"


def test_whoever_made_none_of_the_items_is_told_so(makers):
    study = self_study(makers[0].study)
    stranger = Rater.consented(recording_study("elsewhere"))
    newcomer = Rater.consented(makers[0].study)
    for token in ("", "no token", stranger.token, newcomer.token):
        _, answer = _arrive(study, token)
        assert (answer.status_code, answer.json()["code"]) == (409, "own_items_only")
    assert not study.participations.exists()


def test_arriving_from_two_browsers_is_one_participation(makers):
    study = self_study(makers[0].study)
    first, _ = _arrive(study, makers[0].token)
    _, again = _arrive(study, makers[0].token)
    assert again.status_code == 200
    assert again.json()["token"] == first.token


def test_the_invitation_says_in_which_study_the_items_were_made(makers):
    study = self_study(makers[0].study)
    assert Rater(study).get(f"invites/{study.invite_code}/").json()["study"]["earlier"] == [
        makers[0].study.invite_code
    ]
    assert Rater(study).get(f"invites/{makers[0].study.invite_code}/").json()["study"]["earlier"] == []


def test_what_somebody_made_who_then_withdrew_is_shown_to_nobody_any_more(makers):
    document = factories.protocol_from(factories.protocol("self-annotation", raters={"per_item": 9}))
    document["raters"].pop("own_items")
    observed = create_study(
        organisation=makers[0].study.organisation, slug="observed", title="Observed", document=document,
        collection=factories.collection(makers[0].study.produces, "observed"), requested_by="test",
    )  # fmt: skip
    observer = Rater.consented(observed)
    assert observer.get("participation/").json()["progress"]["total"] == 4
    makers[0].post("participation/withdraw/")
    assert observer.get("participation/").json()["progress"]["total"] == 2
    assert {key.partition("/")[0] for key in _keys(observer)} == {pseudonym(makers[1])}


def test_own_items_leave_no_room_for_practice():
    raw = factories.protocol("self-annotation", raters={"practice_items": 1})
    checked = ProtocolSerializer(data=raw)
    assert not checked.is_valid()
    assert "practice_items" in checked.errors["raters"]
