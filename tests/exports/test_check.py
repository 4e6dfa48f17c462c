"""The dry run: what a release would be, without one."""

import uuid

import pytest

from exports.facade import request_release, save_dataset
from exports.models import Release, ReleaseFile, SplitAssignment
from ingest.models import Item
from jobs.models import Job, JobState
from jobs.services import perform
from tests import factories
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def study():
    found = factories.study(items=4)
    Rater.consented(found).rate()
    return found


@pytest.fixture
def dataset(study):
    recipe = {"collection": "all-study", "studies": ["study"], "split": {"keys": ["speaker"]}}
    return save_dataset(organisation=factories.lab(), name="d", title="D", description="", recipe=recipe)


def checked():
    client = factories.signed_in()
    asked = client.post(
        "/api/datasets/d/check/", {"request_id": str(uuid.uuid4())}, content_type="application/json"
    )
    assert asked.status_code == 202
    perform(asked.json()["id"])
    told = last_check()
    assert told["job"]["id"] == asked.json()["id"]
    assert told["job"]["state"] == JobState.SUCCEEDED, told["job"]["error"]
    assert told["outdated"] is None
    return told["found"]


def last_check():
    return factories.signed_in().get("/api/datasets/d/check/").json()


def released(dataset):
    job = request_release(dataset=dataset, requested_by="test")
    perform(job.pk)
    return Release.objects.get(job=job.pk)


def test_nothing_is_told_before_somebody_asks(dataset):
    assert factories.signed_in().get("/api/datasets/d/check/").json() == {
        "job": None,
        "found": None,
        "outdated": None,
    }


def test_it_counts_what_the_release_then_holds_and_publishes_nothing(dataset):
    found = checked()
    assert not Release.objects.exists()
    assert not ReleaseFile.objects.exists()
    assert not SplitAssignment.objects.exists()
    release = released(dataset)
    assert found["rows"] == release.summary["rows"]
    assert found["schemes"][0]["sizes"] == release.summary["splits"]["sizes"]
    assert found["distributions"] == release.summary["distributions"] != []
    assert found["gold_made"] == release.summary["gold_made"] != []
    assert (found["version"], found["parent"], found["bump"], found["problems"]) == ("1.0.0", None, None, [])


def test_it_says_what_would_change_against_the_newest_release(dataset, study):
    released(dataset)
    assert (checked()["bump"], checked()["changes"]) == ("PATCH", [])
    Rater.consented(study).rate()
    found = checked()
    assert (found["parent"], found["bump"], found["version"]) == ("1.0.0", "MAJOR", "2.0.0")
    assert "annotations: 1 rows added" in found["changes"]
    assert released(dataset).version == found["version"]


def test_it_says_when_it_may_hold_no_more(dataset):
    checked()
    recipe = {"collection": "all-study", "studies": ["study"], "gold": {"min_raters": 2}}
    save_dataset(organisation=factories.lab(), name="d", title="D", description="", recipe=recipe)
    assert last_check()["outdated"] == "The recipe was changed since."
    checked()
    version = released(dataset).version
    assert last_check()["outdated"] == f"{version} was published since."


def test_leaks_are_counted_and_named_where_publishing_would_be_refused(dataset):
    for n, item in enumerate(Item.objects.order_by("key")):
        Item.objects.filter(pk=item.pk).update(groups={"speaker": f"s{n}"})
    released(dataset)
    Item.objects.update(groups={"speaker": "s0"})
    found = checked()
    assert found["n_problems"] == len(found["problems"]) > 0
    assert any("speaker=s0" in problem for problem in found["problems"])
    assert found["ways_out"] == [
        "default: what earlier releases placed never moves; under another name the scheme begins afresh"
    ]
    assert found["schemes"][0]["n_leaks"] > 0
    assert Release.objects.count() == 1


def test_another_organisation_neither_asks_nor_reads(dataset):
    client = factories.signed_in("eve@other.example", "other")
    body = {"request_id": str(uuid.uuid4())}
    assert client.get("/api/datasets/d/check/").status_code == 404
    assert client.post("/api/datasets/d/check/", body, content_type="application/json").status_code == 404
    assert not Job.objects.filter(kind="exports.check").exists()
