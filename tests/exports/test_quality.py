"""A dataset's own quality policy: marked in the release, out of its labels, counted in card and dry run."""

import json
import uuid

import pytest

from annotation.models import Response
from exports.models import Release
from exports.services.datasets import request_check
from jobs.models import Job, JobState
from storage.facade import read_bytes
from tests import factories
from tests.exports.making import dataset, performed, released
from tests.exports.released import table_of
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)
SPEEDING = {"check": "speeding", "of": "response", "limit": 0.3}


@pytest.fixture
def study():
    """Four items by three raters; three answers of the last one were given in no time."""
    found = factories.study(items=4, per_item=5)
    for hurried in (False, False, True):
        rater = Rater.consented(found)
        for at in range(4):
            assignment = rater.rate()
            ms = 500 if hurried and at < 3 else 10_000
            Response.objects.filter(assignment=assignment["id"]).update(timing={"active_ms": ms})
    return found


def answers(release):
    return table_of(release, "annotations").to_pandas()


def test_by_default_nothing_is_excluded_and_nothing_is_said(study):
    made = dataset()
    assert "quality" not in made.recipe
    release = released(made)
    assert answers(release)["excluded"].isna().all()
    assert "quality" not in release.summary


def test_excluded_answers_are_marked_and_left_out_of_labels_agreement_and_counts(study):
    before = released(dataset())
    release = released(dataset(quality={"exclude": [SPEEDING]}))
    assert release.version == "2.0.0"
    told = answers(release)
    assert len(told) == len(answers(before)) == 12
    assert list(told["excluded"].dropna()) == ["speeding"] * 3
    votes = table_of(release, "items").to_pandas().set_index("item_id")["n_raters"]
    assert sorted(votes) == [2, 2, 2, 3]
    assert release.summary["quality"]["excluded"] == {"speeding": 3}
    assert release.manifest["facts"]["quality"]["policy"].startswith("sha256:")
    alpha = {row["measure"]: row for row in release.summary["agreement"]}["krippendorff_alpha_nominal"]
    assert alpha["n_units_used"] == 4
    card = read_bytes(release.files.get(path="README.md").sha256).decode()
    assert "excluded by speeding: 3 responses" in card
    assert release.summary["quality"]["policy"] in card


def test_the_dry_run_counts_what_a_policy_leaves_out(study):
    made = dataset(quality={"exclude": [SPEEDING, {"check": "longstring", "of": "rater", "limit": 0.99}]})
    job = performed(request_check(dataset=made, requested_by="test", request_id=uuid.uuid4()))
    assert job.state == JobState.SUCCEEDED, job.error
    # Nobody has answered often enough to be judged as a rater.
    assert job.result["excluded"] == {"speeding": 3, "longstring": 0}


def test_the_recipe_names_the_wrong_rule(study):
    client, body = factories.signed_in(), {"name": "d", "title": "D"}

    def refused(rule):
        recipe = {"collection": "all-study", "studies": ["study"], "quality": {"exclude": [rule]}}
        answer = client.post("/api/datasets/", {**body, "recipe": recipe}, content_type="application/json")
        assert answer.status_code == 400
        return json.dumps(answer.json()["details"])

    assert "quality.exclude[0].limit" in refused({"check": "speeding", "of": "response", "limit": 7})
    assert "no study of this dataset asks 'mood'" in refused({**SPEEDING, "question": "mood"})
    assert "quality.exclude" in refused({"check": "speeding", "of": "sometimes", "limit": 0.3})


def test_an_erasure_leaves_the_verdicts_on_the_others_as_they_were(study):
    """The median that somebody was compared with may be that of the person who goes."""
    released(dataset(quality={"exclude": [SPEEDING]}))
    people = answers(released(dataset(quality={"exclude": [SPEEDING]})))
    careful = people[people["excluded"].isna()].groupby("rater_id").size()
    gone = sorted(careful[careful == 4].index)
    client = factories.signed_in()
    for person in gone:  # nobody is left to compare with
        body = {"id": str(uuid.uuid4()), "reason": "consent taken back", "rater": person}
        asked = client.post("/api/erasures/", body, content_type="application/json")
        assert asked.status_code == 202
        work()
    told = client.get(f"/api/erasures/{asked.json()['id']}/").json()
    assert {row["proved"] for row in told["releases"]} == {True}
    newest = client.get("/api/datasets/d/").json()["latest"]["version"]
    assert list(answers(Release.objects.get(version=newest))["excluded"].dropna()) == ["speeding"] * 3


def work():
    for job in Job.objects.filter(kind__in=["exports.erase", "exports.withdraw"]).order_by("-created_at"):
        if job.state != JobState.SUCCEEDED:
            assert performed(job).state == JobState.SUCCEEDED, job.error
