"""Making datasets and changing their recipes through REST, and comparing any two releases."""

import json

import pytest

from exports.models import Dataset
from jobs.models import JobState
from jobs.services import perform
from tests import factories
from tests.exports.making import dataset, released
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)

RECIPE = {"collection": "all-study", "studies": ["study"], "split": {"keys": ["speaker"]}}


@pytest.fixture
def study():
    found = factories.study(items=4)
    Rater.consented(found).rate()
    return found


def _create(client=None, **fields):
    body = {"name": "films", "title": "Films", "recipe": RECIPE, **fields}
    client = client or factories.signed_in()
    return client.post("/api/datasets/", body, content_type="application/json")


def _change(seen=None, **fields):
    body = {"title": "Films", "description": "", "recipe": RECIPE, **fields}
    headers = {} if seen is None else {"If-Match": seen}
    return factories.signed_in().put(
        "/api/datasets/films/", json.dumps(body), content_type="application/json", headers=headers
    )


def test_a_dataset_is_made_with_its_recipe_filled_in(study):
    made = _create()
    assert made.status_code == 201
    assert made.json()["recipe"]["splits"][0]["keys"] == ["speaker"]
    assert made.json()["latest"] is None
    again = factories.signed_in().get("/api/datasets/films/")
    assert again.json() == made.json()
    assert again["ETag"] == made["ETag"]
    assert _create().json()["code"] == "dataset_exists"


def test_every_fault_of_a_recipe_is_named_with_its_place(study):
    bad = {
        **RECIPE,
        "media": "all",
        "split": {"keys": ["Not a key"]},
        "card": {"smallest_band": 1},
    }
    refused = _create(recipe=bad)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_recipe")
    places = {line.split(": ")[0] for line in refused.json()["details"]["errors"]}
    assert places == {"media", "split.keys[0]", "card.smallest_band"}
    missing = _create(recipe={**RECIPE, "collection": "none", "studies": ["study", "other"]})
    assert [line.split(": ")[0] for line in missing.json()["details"]["errors"]] == ["collection", "studies"]
    assert not Dataset.objects.exists()


def test_two_researchers_do_not_overwrite_each_others_recipe(study):
    seen = _create()["ETag"]
    first = _change(seen, recipe={**RECIPE, "licence": "CC0-1.0"})
    assert first.status_code == 200
    second = _change(seen, recipe={**RECIPE, "licence": "CC-BY-4.0"})
    assert (second.status_code, second.json()["code"]) == (412, "changed_meanwhile")
    assert Dataset.objects.get().recipe["licence"] == "CC0-1.0"
    assert _change(first["ETag"], title="Other").json()["title"] == "Other"
    assert _change("*").status_code == _change().status_code == 200


def test_another_organisation_neither_changes_nor_sees_it(study):
    _create()
    eve = factories.signed_in("eve@other.example", "other")
    body = {"title": "Mine", "recipe": RECIPE}
    assert eve.put("/api/datasets/films/", body, content_type="application/json").status_code == 404
    assert eve.get("/api/collections/").json()["results"] == []
    theirs = _create(eve)
    assert theirs.json()["code"] == "invalid_recipe"  # neither collection nor study is theirs
    assert Dataset.objects.get().title == "Films"


def test_what_has_not_changed_is_not_sent_again(study):
    released(dataset())
    client = factories.signed_in()
    listing, manifest = "/api/datasets/", "/api/datasets/d/releases/1.0.0/files/manifest.json"
    for path in (listing, "/api/collections/", "/api/datasets/d/releases/1.0.0/", manifest):
        tag = client.get(path)["ETag"]
        assert tag.startswith('"')
        same = client.get(path, headers={"If-None-Match": tag})
        assert (same.status_code, same["ETag"], same.getvalue()) == (304, tag, b"")
    before = client.get(listing)["ETag"]
    Rater.consented(study).rate()
    released(dataset())
    assert client.get(listing, headers={"If-None-Match": before}).status_code == 200


def _compared(old, new):
    answer = factories.signed_in().get(f"/api/datasets/d/releases/{old}/difference/?to={new}")
    return answer.status_code, answer.json()


def test_two_releases_are_compared_row_by_row(study):
    released(dataset())
    Rater.consented(study).rate()
    released(dataset())
    status, found = _compared("1.0.0", "2.0.0")
    assert status == 200
    assert "annotations" in found["tables_that_differ"]
    assert found["difference"]["bump"] == "MAJOR"
    rows = {table["table"]: table for table in found["difference"]["tables"]}
    assert (rows["annotations"]["added"], rows["annotations"]["removed"]) == (1, 0)
    backwards = {t["table"]: t for t in _compared("2.0.0", "1.0.0")[1]["difference"]["tables"]}
    assert (backwards["annotations"]["added"], backwards["annotations"]["removed"]) == (0, 1)
    _, same = _compared("1.0.0", "1.0.0")
    assert (same["difference"]["bump"], same["difference"]["reasons"]) == ("PATCH", [])
    assert _compared("1.0.0", "9.0.0")[0] == 404


def test_tables_too_large_for_a_request_are_compared_by_a_job_once(study, monkeypatch):
    released(dataset())
    Rater.consented(study).rate()
    released(dataset())
    _, at_once = _compared("1.0.0", "2.0.0")
    monkeypatch.setattr("exports.services.difference.COMPARED_AT_MOST", 10)
    _, found = _compared("1.0.0", "2.0.0")
    assert (found["difference"], found["job"]) == (None, None)
    assert "compared by a job" in found["reason"]
    assert "annotations" in found["tables_that_differ"]
    client, address = factories.signed_in(), "/api/datasets/d/releases/1.0.0/difference/?to=2.0.0"
    asked = client.post(address)
    assert asked.status_code == 202
    assert client.post(address).json()["id"] == asked.json()["id"]
    assert _compared("1.0.0", "2.0.0")[1]["job"]["state"] == JobState.QUEUED
    perform(asked.json()["id"])
    _, found = _compared("1.0.0", "2.0.0")
    assert found["job"]["state"] == JobState.SUCCEEDED
    # A job's row outlives an erasure, so it holds no keys of rows.
    for table in at_once["difference"]["tables"]:
        table["examples"] = None
    assert found["difference"] == at_once["difference"]
    assert _compared("2.0.0", "1.0.0")[1]["job"] is None
    stranger = factories.signed_in("eve@other.example", "other")
    assert stranger.post(address).status_code == 404
