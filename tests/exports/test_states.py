"""Deprecating, yanking and publishing again, through REST, and what a client makes of it."""

import json

import pytest

import affectory
from accounts.facade import new_token
from affectory.cli import main
from audit.models import AuditEntry
from tests import factories
from tests.exports.making import dataset, released
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def study():
    found = factories.study(items=4)
    Rater.consented(found).rate()
    return found


@pytest.fixture
def two_releases(study):
    released(dataset())
    Rater.consented(study).rate()
    released(dataset())


def _change(version, client=None, seen=None, **body):
    client = client or factories.signed_in()
    headers = {} if seen is None else {"If-Match": seen}
    return client.post(
        f"/api/datasets/d/releases/{version}/state/", body, content_type="application/json", headers=headers
    )


def test_a_release_is_deprecated_yanked_and_published_again(two_releases):
    client = factories.signed_in()
    changed = _change("1.0.0", state="deprecated", reason="one rater only", successor="2.0.0").json()
    assert (changed["state"], changed["state_reason"], changed["successor"]) == (
        "deprecated", "one rater only", "2.0.0",
    )  # fmt: skip
    assert _change("2.0.0", state="yanked", reason="wrong scale").json()["state"] == "yanked"
    assert client.get("/api/datasets/d/").json()["latest"]["version"] == "1.0.0"
    back = _change("2.0.0", state="published", reason="the scale was right").json()
    assert (back["state"], back["state_reason"], back["successor"]) == ("published", "", "")
    assert client.get("/api/datasets/d/").json()["latest"]["version"] == "2.0.0"
    said = AuditEntry.objects.filter(subject="release:d@2.0.0", actor="ada@lab.example").order_by("pk")
    assert [(one.action, one.details["reason"]) for one in said] == [
        ("yanked", "wrong scale"),
        ("published", "the scale was right"),
    ]


def test_two_people_who_change_a_state_at_once_are_told(two_releases):
    seen = factories.signed_in().get("/api/datasets/d/releases/1.0.0/")["ETag"]
    changed = _change("1.0.0", seen=seen, state="deprecated", reason="one rater only")
    assert changed.status_code == 200
    refused = _change("1.0.0", seen=seen, state="yanked", reason="wrong scale")
    assert (refused.status_code, refused.json()["code"]) == (412, "changed_meanwhile")
    again = _change("1.0.0", seen=changed["ETag"], state="yanked", reason="wrong scale")
    assert again.json()["state"] == "yanked"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"state": "yanked", "reason": " "}, 400, "invalid"),
        ({"state": "yanked"}, 400, "invalid"),
        ({"state": "withdrawn", "reason": "r"}, 400, "invalid"),
        ({"state": "draft", "reason": "r"}, 400, "invalid"),
        ({"state": "deprecated", "reason": "r", "successor": "9.0.0"}, 400, "no_such_successor"),
        ({"state": "deprecated", "reason": "r", "successor": "1.0.0"}, 409, "no_such_successor"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(two_releases, body, status, code):
    answer = _change("1.0.0", **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_nobody_else_changes_a_state(two_releases):
    body = {"state": "yanked", "reason": "r"}
    assert _change("1.0.0", factories.signed_in("eve@other.example", "other"), **body).status_code == 404
    assert _change("1.0.0", Rater.consented(factories.study("x", items=1)).client, **body).status_code == 401
    assert factories.signed_in().get("/api/datasets/d/releases/1.0.0/").json()["state"] == "published"


def test_ranges_pass_a_yanked_release_by_and_a_deprecated_one_warns(
    two_releases, live_server, tmp_path, monkeypatch, capsys
):
    _, secret = new_token(user=factories.researcher(), name="test")
    monkeypatch.setenv("AFFECTORY_SERVER", live_server.url)
    monkeypatch.setenv("AFFECTORY_TOKEN", secret)
    monkeypatch.setenv("AFFECTORY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("AFFECTORY_CONFIG", str(tmp_path / "login.json"))
    _change("2.0.0", state="yanked", reason="wrong scale")
    assert affectory.load("d").version == "1.0.0"
    assert main(["show", "d@2.0.0", "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["state"] == "yanked"
    assert "wrong scale" in told.err
    _change("2.0.0", state="published", reason="it was right")
    _change("1.0.0", state="deprecated", reason="one rater only", successor="2.0.0")
    assert main(["show", "d@1.0.0", "--json"]) == 0
    told = capsys.readouterr().err
    assert "deprecated" in told
    assert "one rater only" in told
    assert "d@2.0.0" in told
