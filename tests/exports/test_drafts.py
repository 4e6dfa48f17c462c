"""Drafts: looked at by the researcher, invisible to everybody else, published once or discarded."""

import hashlib
import threading
import uuid

import pytest
from django.db import connection

import affectory
from accounts.facade import new_token
from affectory.cli import main
from affectory.client.errors import NotFoundError
from audit.models import AuditEntry
from exports.facade import request_release
from exports.models import DraftPlaces, Release, ReleaseFile, SplitAssignment
from exports.services import build, drafts
from exports.services.drafts import publish_draft
from jobs.models import Job, JobState
from storage.objects import FolderStore, store
from tests import factories
from tests.exports.making import dataset, performed, released
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)
RECIPE = {"split": {"keys": ["speaker"]}}


class Killed(BaseException):
    """What SIGKILL looks like from inside: nothing of ours runs afterwards."""


@pytest.fixture
def study():
    found = factories.study(items=4, per_item=5)
    Rater.consented(found).rate()
    return found


@pytest.fixture
def draft(study):
    """The first release of the dataset, as a draft."""
    return released(dataset(**RECIPE), draft=True)


def _get(path, client=None):
    return (client or factories.signed_in()).get(f"/api/datasets/d/{path}")


def _publish(draft, client=None, **headers):
    return (client or factories.signed_in()).post(
        f"/api/datasets/d/drafts/{draft.job}/publish/", headers=headers
    )


def _discard(draft, client=None, **headers):
    return (client or factories.signed_in()).delete(f"/api/datasets/d/drafts/{draft.job}/", headers=headers)


def _files(release):
    return set(release.files.values_list("sha256", flat=True))


def _objects():
    return {path.name for path in store().folder.glob("*/*")}


def test_a_draft_is_asked_for_over_rest_and_told_with_all_that_the_release_would_be(study):
    dataset()
    client = factories.signed_in()
    body = {"request_id": str(uuid.uuid4()), "draft": True}
    asked = client.post("/api/datasets/d/releases/", body, content_type="application/json").json()
    assert performed(Job.objects.get(pk=asked["id"])).state == JobState.SUCCEEDED
    (listed,) = client.get("/api/datasets/d/drafts/").json()["results"]
    assert (listed["id"], listed["version"], listed["state"]) == (asked["id"], "1.0.0", "draft")
    assert (listed["outdated"], listed["recipe_changed"], listed["published_at"]) == (None, False, None)
    told = client.get(f"/api/datasets/d/drafts/{asked['id']}/").json()
    assert told["summary"]["splits"]["leaks"] == []
    assert told["summary"]["agreement"]
    assert told["manifest"]["digest"] == told["digest"]
    for file in ReleaseFile.objects.all():
        answer = client.get(f"/api/datasets/d/drafts/{asked['id']}/files/{file.path}")
        assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == file.sha256


def test_no_address_of_releases_knows_a_draft(draft):
    client = factories.signed_in()
    for path in ("", "files/manifest.json", "proof/", "difference/?to=1.0.0"):
        assert _get(f"releases/1.0.0/{path}").status_code == 404
    assert _get("releases/").json()["results"] == []
    assert _get("").json()["latest"] is None
    assert client.get("/api/datasets/").json()["results"][0]["latest"] is None
    body = {"state": "yanked", "reason": "r"}
    yanked = client.post("/api/datasets/d/releases/1.0.0/state/", body, content_type="application/json")
    assert yanked.status_code == 404
    assert not SplitAssignment.objects.exists()


def test_no_client_resolves_or_pulls_a_draft_before_it_is_published(
    draft, live_server, tmp_path, monkeypatch, capsys
):
    _, secret = new_token(user=factories.researcher(), name="test")
    monkeypatch.setenv("AFFECTORY_SERVER", live_server.url)
    monkeypatch.setenv("AFFECTORY_TOKEN", secret)
    monkeypatch.setenv("AFFECTORY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("AFFECTORY_CONFIG", str(tmp_path / "login.json"))
    for ref in ("d", "d@1.0.0", "d@^1", f"d@{draft.digest}"):
        assert main(["show", ref]) == 6
        with pytest.raises(NotFoundError):
            affectory.load(ref)
    _publish(draft)
    for ref in ("d", "d@1.0.0", "d@^1", f"d@{draft.digest}"):
        assert main(["show", ref, "--json"]) == 0
    assert affectory.load("d").version == "1.0.0"
    capsys.readouterr()


def test_a_draft_is_the_parent_of_nothing_and_takes_no_version(draft, study):
    second = released(dataset(**RECIPE), draft=True)
    assert (second.version, second.manifest["parent"]) == ("1.0.0", None)
    published = released(dataset(**RECIPE))
    assert (published.version, published.manifest["parent"]) == ("1.0.0", None)
    Rater.consented(study).rate()
    later = released(dataset(**RECIPE), draft=True)
    assert (later.version, later.manifest["parent"]["version"]) == ("2.0.0", "1.0.0")
    difference = _get(f"drafts/{later.job}/difference/?from=1.0.0").json()
    assert (difference["difference"]["bump"], difference["new"]) == ("MAJOR", "2.0.0")
    assert _get(f"drafts/{later.job}/difference/?from=2.0.0").status_code == 404
    assert _get("releases/1.0.0/difference/?to=2.0.0").status_code == 404


def test_publishing_changes_nothing_but_who_sees_it(draft):
    client = factories.signed_in()
    hook = {"url": "https://hook.example/", "events": ["release.published"]}
    client.post("/api/webhooks/", hook, content_type="application/json")
    files = set(draft.files.values_list("path", "sha256"))
    before = _get(f"drafts/{draft.job}/").json()
    assert not Job.objects.filter(kind="webhooks.deliver").exists()
    assert _publish(draft, client).status_code == 200
    after = _get("releases/1.0.0/").json()
    changed = {key for key in after if after[key] != before[key]}
    assert changed == {"state", "published_at"}
    assert set(Release.objects.get().files.values_list("path", "sha256")) == files
    assert Job.objects.filter(kind="webhooks.deliver").count() == 1
    entry = AuditEntry.objects.get(subject="release:d@1.0.0", action="published")
    assert (entry.actor, entry.details["recipe_changed_since"]) == ("ada@lab.example", False)
    assert _get(f"drafts/{draft.job}/").status_code == 404
    assert _get("drafts/").json()["results"] == []


def test_the_ledger_is_what_publishing_at_once_would_have_settled(study):
    released(dataset(**RECIPE))
    columns = ("scheme", "group", "role", "assigned_in")
    expected = set(SplitAssignment.objects.values_list(*columns))
    assert expected
    Release.objects.all().delete()
    SplitAssignment.objects.all().delete()
    drafted = released(dataset(**RECIPE), draft=True)
    assert not SplitAssignment.objects.exists()
    _publish(drafted)
    assert set(SplitAssignment.objects.values_list(*columns)) == expected
    assert not DraftPlaces.objects.exists()


def test_two_who_publish_at_once_publish_it_once(draft):
    answers = []
    both = threading.Barrier(2)

    def press():
        both.wait()
        try:
            answers.append(publish_draft(release=draft, actor="ada").version)
        finally:
            connection.close()

    people = [threading.Thread(target=press) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert answers == ["1.0.0", "1.0.0"]
    assert AuditEntry.objects.filter(subject="release:d@1.0.0", action="published").count() == 1
    again = _publish(draft)
    assert (again.status_code, again.json()["state"]) == (200, "published")


def _another_release(_study):
    released(dataset(**RECIPE))


def _a_withdrawal(study):
    rater = Rater.consented(study)
    rater.rate()
    rater.post("participation/withdraw/")


def _an_erasure(study):
    rater = Rater.consented(study)
    rater.rate()
    name = rater.get("participation/").json()["rater"]
    body = {"id": str(uuid.uuid4()), "reason": "asked for", "rater": name}
    factories.signed_in().post("/api/erasures/", body, content_type="application/json")


CAME_BETWEEN = {
    "1.0.0 was published since": _another_release,
    "A rater has withdrawn since": _a_withdrawal,
    "A person was erased since": _an_erasure,
}


@pytest.mark.parametrize("reason", CAME_BETWEEN)
def test_a_draft_that_was_overtaken_is_refused_with_the_reason_and_built_again(draft, study, reason):
    seen = _get(f"drafts/{draft.job}/")["ETag"]
    CAME_BETWEEN[reason](study)
    assert _get(f"drafts/{draft.job}/").json()["outdated"].startswith(reason)
    for headers in ({}, {"If-Match": seen}):
        refused = _publish(draft, **headers)
        assert (refused.status_code, refused.json()["code"]) == (409, "draft_outdated")
        assert refused.json()["message"].startswith(reason)
        assert "Build it again." in refused.json()["message"]
    assert Release.objects.get(pk=draft.pk).state == "draft"
    again = released(dataset(**RECIPE), draft=True)
    assert _publish(again).status_code == 200


def test_a_recipe_that_was_changed_since_is_told_and_does_not_hinder(draft):
    dataset(split={"keys": ["dialogue"]})
    assert _get(f"drafts/{draft.job}/").json()["recipe_changed"]
    assert _publish(draft).status_code == 200
    assert AuditEntry.objects.get(action="published").details["recipe_changed_since"]


def test_a_discarded_draft_goes_with_its_files_and_leaves_what_others_use(study):
    first = released(dataset(**RECIPE))
    Rater.consented(study).rate()
    drafted = released(dataset(**RECIPE), draft=True)
    used, own = _files(first), _files(drafted) - _files(first)
    assert own <= _objects()
    assert _discard(drafted).status_code == 204
    assert performed(Job.objects.get(kind="exports.drop")).state == JobState.SUCCEEDED
    assert used <= _objects()
    assert own.isdisjoint(_objects())
    assert not DraftPlaces.objects.exists()
    assert _discard(drafted).status_code == _publish(drafted).status_code == 404
    assert AuditEntry.objects.get(action="discarded").actor == "ada@lab.example"
    assert released(dataset(**RECIPE)).version == "2.0.0"


def test_what_is_published_is_not_discarded(draft):
    _publish(draft)
    refused = _discard(draft)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_a_draft")
    assert _get("releases/1.0.0/").status_code == 200


def test_only_what_somebody_has_seen_is_published_or_discarded(draft):
    seen = _get(f"drafts/{draft.job}/")["ETag"]
    dataset(split={"keys": ["dialogue"]})
    for answer in (_publish(draft, **{"If-Match": seen}), _discard(draft, **{"If-Match": seen})):
        assert (answer.status_code, answer.json()["code"]) == (412, "changed_meanwhile")
    now = _get(f"drafts/{draft.job}/")["ETag"]
    assert _publish(draft, **{"If-Match": now}).status_code == 200
    assert _publish(draft, **{"If-Match": now}).status_code == 200  # the same once more


def test_nobody_else_sees_publishes_or_discards_a_draft(draft):
    eve = factories.signed_in("eve@other.example", "other")
    rater = Rater.consented(factories.study("x", items=1)).client
    for client, status in ((eve, 404), (rater, 401)):
        for path in ("", "files/manifest.json", "difference/?from=1.0.0"):
            assert _get(f"drafts/{draft.job}/{path}", client).status_code == status
        assert _get("drafts/", client).status_code == status
        assert _publish(draft, client).status_code == status
        assert _discard(draft, client).status_code == status
    assert Release.objects.get().state == "draft"


def test_erasing_a_person_discards_the_drafts_that_hold_them(study):
    rater = Rater.consented(study)
    rater.rate()
    name = rater.get("participation/").json()["rater"]
    published = released(dataset(**RECIPE))
    Rater.consented(study).rate()
    drafted = released(dataset(**RECIPE), draft=True)
    client = factories.signed_in()
    own = _files(drafted) - _files(published)
    plan = client.get("/api/erasures/plan/", {"rater": name}).json()
    assert [one["version"] for one in plan["releases"]] == ["1.0.0"]
    assert [(one["version"], one["rows"]["raters"]) for one in plan["drafts"]] == [("2.0.0", 1)]
    body = {"id": str(uuid.uuid4()), "reason": "asked for", "rater": name}
    client.post("/api/erasures/", body, content_type="application/json")
    # No worker has done anything yet.
    assert _get(f"drafts/{drafted.job}/").status_code == 404
    assert _get(f"drafts/{drafted.job}/files/manifest.json").status_code == 404
    for job in Job.objects.filter(kind__startswith="exports.").exclude(state=JobState.SUCCEEDED):
        assert performed(job).state == JobState.SUCCEEDED, job.error
    # What the successor has alike is its own.
    assert (own - set(ReleaseFile.objects.values_list("sha256", flat=True))).isdisjoint(_objects())
    assert list(Release.objects.order_by("pk").values_list("version", "state")) == [
        ("1.0.0", "withdrawn"),
        ("2.0.0", "published"),
    ]


def test_a_kill_before_publishing_is_gone_on_with_and_nothing_is_made_or_stored_twice(study, monkeypatch):
    job = request_release(dataset=dataset(**RECIPE), requested_by="test")
    _killed_at(build, "_publish", job, monkeypatch)
    (left,) = Release.objects.drafts()
    assert _get("releases/").json()["results"] == []
    assert not SplitAssignment.objects.exists()
    files = set(left.files.values_list("path", "sha256"))

    def refuse(*_args, **_more):
        raise AssertionError("made twice")

    monkeypatch.setattr(build, "write_tables", refuse)
    monkeypatch.setattr(FolderStore, "put", refuse)
    assert performed(job).state == JobState.SUCCEEDED, job.error
    done = Release.objects.get()
    assert (done.pk, done.state, done.digest) == (left.pk, "published", left.digest)
    assert job.result == {"version": "1.0.0", "digest": left.digest}
    assert set(done.files.values_list("path", "sha256")) == files
    assert SplitAssignment.objects.exists()


@pytest.mark.parametrize("step", ["refuse_outdated", "settle", "record", "announce"])
def test_a_kill_in_the_middle_of_publishing_publishes_nothing(draft, step, monkeypatch):
    def die(*_args, **_more):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(drafts, step, die)
        with pytest.raises(Killed):
            publish_draft(release=draft, actor="ada")
    assert _get("releases/").json()["results"] == []
    assert not SplitAssignment.objects.exists()
    assert not AuditEntry.objects.filter(action="published").exists()
    assert _publish(draft).json()["digest"] == draft.digest


def test_a_repeat_whose_draft_was_overtaken_builds_afresh(study, monkeypatch):
    job = request_release(dataset=dataset(**RECIPE), requested_by="test")
    _killed_at(build, "_publish", job, monkeypatch)
    _another_release(study)
    assert performed(job).state == JobState.SUCCEEDED, job.error
    assert list(Release.objects.order_by("pk").values_list("version", "state")) == [
        ("1.0.0", "published"),
        ("1.0.1", "published"),
    ]
    assert Release.objects.get(job=job.pk).manifest["parent"]["version"] == "1.0.0"
    assert performed(Job.objects.get(kind="exports.drop")).state == JobState.SUCCEEDED
    assert set(ReleaseFile.objects.values_list("sha256", flat=True)) <= _objects()


def test_a_repeat_of_a_job_for_a_draft_finds_its_draft_also_when_it_was_published(study, monkeypatch):
    job = request_release(dataset=dataset(**RECIPE), requested_by="test", draft=True)
    monkeypatch.setattr("jobs.services._end", lambda *_args, **_more: None)
    for state in ("draft", "draft", "published"):
        if state == "published":
            _publish(Release.objects.get())
        performed(job)
        Job.objects.filter(pk=job.pk).update(lease_until=job.created_at)
        assert Release.objects.get().state == state


def test_a_list_of_drafts_takes_as_many_queries_for_many_as_for_one(draft, django_assert_max_num_queries):
    client, counts = factories.signed_in(), []
    for _ in range(2):
        with django_assert_max_num_queries(20) as asked:
            assert _get("drafts/", client).status_code == 200
        counts.append(len(asked))
        for _ in range(3):
            released(dataset(**RECIPE), draft=True)
    assert counts[0] == counts[1]


def _killed_at(module, step, job, monkeypatch):
    """Perform a job that dies at a step; its lease has run out afterwards."""

    def die(*_args, **_more):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(module, step, die)
        with pytest.raises(Killed):
            performed(job)
    Job.objects.filter(pk=job.pk).update(lease_until=job.created_at)
