import pytest
from django.utils import timezone

from jobs.models import Job
from jobs.services import perform
from tests import factories
from tests.annotation.test_several_media import _compare_all as compare_all
from tests.annotation.test_several_media import document, preferring, study_of
from tests.factories import Rater

pytestmark = pytest.mark.django_db


def _analysed(client):
    asked = client.post("/api/studies/study/analyse/")
    assert asked.status_code == 202
    Job.objects.update(not_before=timezone.now())
    perform(asked.json()["id"])
    job = Job.objects.get(pk=asked.json()["id"])
    assert job.state == "succeeded", job.error


def _traced(study, value):
    rater = Rater.consented(study)
    assignment = rater.next()
    trace = rater.trace_item(assignment, value)
    assert rater.submit(assignment, {"affect": {"trace": trace}}).status_code == 200
    return rater, assignment["item"]["id"]


def test_the_overlay_shows_the_traces_that_count_with_their_gold():
    study = factories.study(preset="veatic", items=1, per_item=5)
    (_, item), _, (leaving, _) = (_traced(study, (v, 0.0)) for v in (0.2, 0.4, 0.9))
    Rater.consented(study).next()
    client = factories.signed_in()
    assert client.get(f"/api/studies/study/items/{item}/traces/").status_code == 404
    _analysed(client)
    assert len(client.get(f"/api/studies/study/items/{item}/traces/").json()["raters"]) == 3
    leaving.post("participation/withdraw/")
    # At once, not only after the next analysis.
    shown = client.get(f"/api/studies/study/items/{item}/traces/").json()
    assert sorted(rater["values"][0][0] for rater in shown["raters"]) == [0.2, 0.4]
    _analysed(client)
    gold = {
        row["method"]: row for row in client.get(f"/api/studies/study/items/{item}/traces/").json()["gold"]
    }
    assert gold["mean"]["values"][0][0] == pytest.approx(0.3)
    assert set(gold["mean"]["n"]) == {2}


@pytest.mark.parametrize("item", ["00000000-0000-4000-8000-000000000000", "-" * 36, "nonsense", "%00"])
def test_an_item_that_is_not_there_has_no_overlay(item):
    factories.study(preset="veatic")
    client = factories.signed_in()
    assert client.get(f"/api/studies/study/items/{item}/traces/").status_code == 404
    assert client.get(f"/api/studies/study/agreement/?item={item}").status_code in {200, 400, 404}


def test_how_each_item_was_asked_about_and_seen_is_told_of_those_who_stay():
    axis = {"min": -1, "max": 1, "low_label": "low", "high_label": "high"}
    dimensions = [{"key": "valence", "name": "Valence", **axis}]
    asked = {"key": "felt", "type": "trace1d", "options": {"dimensions": dimensions, "flip": ["valence"]}}
    study = factories.trace_study(asked, raters={"per_item": 3})
    view = {"montage": "average", "gain": 2.0}
    raters = [Rater.consented(study) for _ in range(3)]
    for rater in raters:
        assignment = rater.next()
        trace = rater.trace_values(assignment, "felt", [[0.0]] * 21)
        given = rater.submit(assignment, {"felt": {"trace": trace}}, played={"view": view})
        assert given.status_code == 200
    raters[2].post("participation/withdraw/")
    client = factories.signed_in()
    rows = client.get("/api/studies/traces/assignments/").json()["results"]
    assert sorted((row["flipped"].get("felt", []) for row in rows), key=len) == [[], ["valence"]]
    for row in rows:
        assert (row["item"], row["practice"], row["questions"]) == ("item-0", False, ["felt"])
        assert (row["language"], row["played"]["view"]) == ("en", view)
    assert len({row["rater"] for row in rows}) == 2
    # No other researchers find it, and raters do not see it either.
    assert (
        factories.signed_in("eve@elsewhere.example", "elsewhere")
        .get("/api/studies/traces/assignments/")
        .status_code
        == 404
    )
    assert raters[0].client.get("/api/studies/traces/assignments/").status_code in {401, 403}


def test_a_study_counts_its_people_and_answers_without_practice():
    study = factories.study(items=3, practice_items=1)
    rater = Rater.consented(study)
    rater.rate()
    rater.rate()
    Rater(study, simulated=True).arrive()
    shown = factories.signed_in().get("/api/studies/study/").json()
    assert (shown["items"], shown["responses"], shown["analysis"]) == (2, 1, None)
    assert shown["participations"] == {"crowd": {"rating": 1}, "simulated": {"invited": 1}}
    assert shown["invite_path"] == f"/s/{study.invite_code}"
    assert factories.signed_in("eve@other.example", "other").get("/api/studies/study/").status_code == 404


def test_parts_are_shown_with_the_scores_they_have_over_all_their_items():
    study = study_of(document(("comparison", {"tie": True})), n=3)
    compare_all(study, 2, lambda shown, number: preferring(shown))
    client = factories.signed_in()
    _analysed(client)
    items = client.get("/api/studies/study/items/").json()["results"]
    strengths = {
        part["key"]: label["value"]["log_strength"]
        for item in items
        for part in item["parts"]
        for label in part["labels"]
        if label["method"] == "bradley_terry"
    }
    assert [len(item["parts"]) for item in items] == [2, 2, 2]
    assert sorted(strengths, key=strengths.__getitem__, reverse=True) == ["i0", "i1", "i2"]
