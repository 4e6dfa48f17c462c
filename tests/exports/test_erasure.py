"""A person is erased: from what is published at once, from the originals, and provably from the successor."""

import json
import shutil
import uuid

import pytest
from django.conf import settings
from django.utils import timezone

import affectory
from accounts.facade import new_token
from accounts.models import Rater as RaterRow
from accounts.models import RaterIdentity
from affectory.cli import main
from affectory.client.errors import WithdrawnError
from annotation.models import Response, StudyItem, Trace
from audit.models import AuditEntry
from exports.facade import request_release
from exports.models import Erasure, Release, ReleaseFile, Withdrawal
from exports.services import build, discarding, erasure, withdrawal
from ingest.models import Asset, Item, Subject
from jobs.models import Job, JobState
from storage.facade import put_bytes, read_bytes
from storage.objects import store
from tests import factories
from tests.exports.making import dataset, performed, released
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """What SIGKILL looks like from inside: nothing of ours runs afterwards."""


@pytest.fixture
def study():
    return factories.study(items=4, per_item=5)


def _rated(study, items=4):
    rater = Rater.consented(study)
    for _ in range(items):
        rater.rate()
    return rater


def _pseudonym(rater):
    return RaterRow.objects.get(pseudonym=rater.get("participation/").json()["rater"]).pseudonym


@pytest.fixture
def people(study):
    """Two raters in release 1.0.0; the first one will go."""
    raters = [_rated(study), _rated(study)]
    RaterIdentity.objects.create(
        rater=RaterRow.objects.get(pseudonym=_pseudonym(raters[0])), platform="panel", external_id="P1"
    )
    released(dataset())
    return [_pseudonym(rater) for rater in raters]


def _erase(client=None, **person):
    client = client or factories.signed_in()
    body = {"id": str(uuid.uuid4()), "reason": "consent taken back", **person}
    return client.post("/api/erasures/", body, content_type="application/json")


def _work():
    """What the workers do, until nothing is left to do."""
    for job in Job.objects.filter(kind__in=["exports.erase", "exports.withdraw"]).order_by("-created_at"):
        if job.state != JobState.SUCCEEDED:
            assert performed(job).state == JobState.SUCCEEDED, job.error


@pytest.fixture
def at_the_server(live_server, tmp_path, monkeypatch):
    """This process is a model repository with an empty cache."""
    _, secret = new_token(user=factories.researcher(), name="test")
    monkeypatch.setenv("AFFECTORY_SERVER", live_server.url)
    monkeypatch.setenv("AFFECTORY_TOKEN", secret)
    monkeypatch.setenv("AFFECTORY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("AFFECTORY_CONFIG", str(tmp_path / "login.json"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_plan_says_what_would_go_and_changes_nothing(people):
    plan = factories.signed_in().get("/api/erasures/plan/", {"rater": people[0]}).json()
    assert plan == {
        "releases": [
            {
                "dataset": "d",
                "version": "1.0.0",
                "state": "published",
                "rows": {"annotations": 4, "raters": 1},
            }
        ],
        "drafts": [],
        "successors": {"d": None},
    }
    assert factories.signed_in().get("/api/datasets/d/releases/1.0.0/").status_code == 200
    assert not Erasure.objects.exists()


def test_once_confirmed_no_release_that_holds_the_person_is_served(people):
    client = factories.signed_in()
    asked = _erase(rater=people[0])
    assert asked.status_code == 202
    # No worker has done anything yet.
    for path in ("", "files/manifest.json", "files/raters/full-00000-of-00001.parquet"):
        answer = client.get(f"/api/datasets/d/releases/1.0.0/{path}")
        assert (answer.status_code, answer.json()["code"]) == (410, "withdrawn")
    stone = answer.json()["details"]
    assert stone["reason"] == "consent taken back"
    assert stone["successor"] is None
    assert stone["removed_rows"] == {"annotations": 4, "raters": 1}
    assert stone["date"]
    assert [row["state"] for row in client.get("/api/datasets/d/releases/").json()["results"]] == [
        "withdrawn"
    ]
    assert client.get("/api/datasets/d/").json()["latest"] is None


def test_a_rater_goes_from_originals_and_releases_and_the_successor_is_proved(people, study):
    later = _pseudonym(_rated(study))
    files = set(ReleaseFile.objects.values_list("sha256", flat=True))
    erased = _erase(rater=people[0]).json()
    _work()
    client = factories.signed_in()
    assert not Response.objects.filter(rater__pseudonym=people[0]).exists()
    assert not RaterIdentity.objects.exists()
    told = client.get(f"/api/erasures/{erased['id']}/").json()
    assert told["person"] is None
    assert told["erased_rows"] == {"responses": 4, "traces": 0, "self_descriptions": 0}
    assert told["releases"] == [
        {
            "dataset": "d", "version": "1.0.0", "successor": "2.0.0", "proved": True,
            "removed_rows": {"annotations": 4, "raters": 1},
            "files_deleted_at": told["releases"][0]["files_deleted_at"],
        }
    ]  # fmt: skip
    stone = client.get("/api/datasets/d/releases/1.0.0/").json()["details"]
    assert stone["successor"] == "2.0.0"
    # The successor is as of the old release: who rated later is not in it, so it can be proved.
    proof = client.get("/api/datasets/d/releases/1.0.0/proof/").json()
    parts = {(one["table"], one["part"]): one for one in proof["proof"]}
    answers = parts["annotations", "full"]
    assert (answers["kept"], answers["removed"], answers["unknown"]) == (4, 4, 0)
    assert (parts["raters", "full"]["kept"], parts["raters", "full"]["removed"]) == (1, 1)
    assert later not in str(Release.objects.get(version="2.0.0").manifest)
    # Only what other releases share, the manifest and the digests are left of the files.
    left = {sha256 for sha256 in files if (store().folder / sha256[:2] / sha256).exists()}
    assert left == files & set(ReleaseFile.objects.values_list("sha256", flat=True))
    assert set(Release.objects.get(version="1.0.0").files.values_list("path", flat=True)) == {"manifest.json"}
    changes = read_bytes(Release.objects.get(version="2.0.0").files.get(path="CHANGELOG.md").sha256).decode()
    assert "Data of a person were erased. This release takes the place of 1.0.0." in changes
    # The next release has the later rater again.
    assert released(dataset()).version == "3.0.0"
    said = AuditEntry.objects.filter(subject=f"erasure:{erased['id']}").values_list("actor", "action")
    assert list(said.order_by("pk")) == [("ada@lab.example", "confirmed"), ("job:exports.erase", "erased")]


def test_a_subject_goes_with_items_files_and_answers(study):
    items = list(Item.objects.order_by("key"))
    for n, item in enumerate(items):
        asset = Asset.objects.create(
            corpus=item.corpus, sha256=put_bytes(f"film {n}".encode()).sha256, size=6, path=f"{n}.mp4",
            kind="video", media_type="video/mp4",
        )  # fmt: skip
        Item.objects.filter(pk=item.pk).update(groups={"subject": f"s{n % 2}"}, asset=asset)
    Subject.objects.create(corpus=items[0].corpus, code="s0")
    _rated(study)
    released(dataset())
    person = {"corpus": "corpus-study", "value": "s0"}
    plan = factories.signed_in().get("/api/erasures/plan/", person).json()
    assert plan["releases"][0]["rows"] == {"items": 2, "annotations": 2, "splits": 2}
    _erase(**person)
    _work()
    assert list(Item.objects.order_by("key").values_list("key", flat=True)) == ["item-1", "item-3"]
    assert Response.objects.count() == StudyItem.objects.count() == 2
    assert not Subject.objects.exists()
    films = [put_bytes(f"film {n}".encode()).sha256 for n in range(4)]
    assert set(Asset.objects.values_list("sha256", flat=True)) == {films[1], films[3]}
    proved = {(one["table"], one["part"]): one for one in Withdrawal.objects.get().proof}
    assert (proved["annotations", "full"]["removed"], proved["annotations", "full"]["unknown"]) == (2, 0)
    in_items = [one for (table, _), one in proved.items() if table == "items"]
    assert sum(one["removed"] for one in in_items) == 2
    assert sum(one["unknown"] for one in in_items) == 0


def test_bytes_of_an_erased_subject_are_deleted_also_after_a_kill(study, monkeypatch):
    film = put_bytes(b"her film").sha256
    item = Item.objects.order_by("key").first()
    item.asset = Asset.objects.create(
        corpus=item.corpus, sha256=film, size=8, path="a.mp4", kind="video", media_type="video/mp4"
    )
    item.groups = {"subject": "s0"}
    item.save()
    _erase(corpus="corpus-study", value="s0")
    job = Job.objects.get(kind="exports.erase")

    def die(*_args, **_more):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(withdrawal, "delete_unreferenced", die)
        with pytest.raises(Killed):
            performed(job)
    assert not Item.objects.filter(pk=item.pk).exists()
    Job.objects.update(lease_until=job.created_at)
    _work()
    assert not (store().folder / film[:2] / film).exists()


STEPS = [
    (erasure, "erase_answers_of"),
    (withdrawal, "part_row_digests"),
    (withdrawal, "put_bytes"),
    (withdrawal, "_successor"),
    (build, "keep_draft"),
    (build, "_publish"),
    (withdrawal, "prove_successor"),
    (withdrawal, "_drop_files"),
    (withdrawal, "delete_unreferenced"),
    (discarding, "object_is_used"),
]


@pytest.mark.parametrize(("module", "step"), STEPS, ids=[name for _, name in STEPS])
def test_a_kill_at_any_step_keeps_the_release_unserved_and_the_repeat_ends_well(
    people, module, step, monkeypatch
):
    _erase(rater=people[0])
    job = Job.objects.get(kind="exports.withdraw")

    def die(*_args, **_more):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(module, step, die)
        patch.setattr(shutil, "rmtree", lambda *_args, **_more: None)
        with pytest.raises(Killed):
            performed(job)
    client = factories.signed_in()
    assert client.get("/api/datasets/d/releases/1.0.0/").status_code == 410
    Job.objects.update(lease_until=job.created_at)
    _work()
    assert client.get("/api/datasets/d/releases/1.0.0/").json()["details"]["successor"] == "2.0.0"
    assert client.get("/api/datasets/d/releases/2.0.0/").json()["rows"]["annotations"] == 4
    assert Release.objects.count() == 2
    done = Withdrawal.objects.get()
    assert all(one["unknown"] == 0 for one in done.proof if one["table"] == "annotations")
    assert done.dropped_at
    assert not list((settings.DATA_FOLDER / "building").glob(f"{job.pk}-*"))


@pytest.mark.parametrize("step", ["store_files", "_publish"])
def test_a_build_that_had_read_the_person_begins_again(people, step, monkeypatch):
    """She is erased between the moment that a build read and its publishing; nothing of what it stored is left."""
    ordinary = request_release(dataset=dataset(), requested_by="test")
    real, asked = getattr(build, step), []
    before = {path.name for path in store().folder.glob("*/*")}

    def erased_first(*args, **more):
        if not asked:
            asked.append(_erase(rater=people[0]))
        return real(*args, **more)

    monkeypatch.setattr(build, step, erased_first)
    assert performed(ordinary).state == JobState.SUCCEEDED
    drop = Job.objects.get(kind="exports.drop")
    assert drop.not_before <= timezone.now()
    assert performed(drop).state == JobState.SUCCEEDED
    named = set(ReleaseFile.objects.values_list("sha256", flat=True))
    assert {path.name for path in store().folder.glob("*/*")} - before <= named
    assert Release.objects.get(job=ordinary.pk).summary["rows"]["annotations"] == 4
    _work()
    # What was published meanwhile without her takes over; nothing more is built.
    assert Release.objects.count() == 2
    assert Release.objects.get(version="1.0.0").successor == "2.0.0"


def test_every_dataset_that_holds_the_person_gets_its_own_successor(people):
    from exports.facade import save_dataset

    other = save_dataset(
        organisation=factories.lab(), name="e", title="E", description="",
        recipe={"collection": "all-study", "studies": ["study"]},
    )  # fmt: skip
    released(other)
    released(dataset())
    _erase(rater=people[0])
    _work()
    told = list(
        Release.objects.order_by("dataset__name", "pk").values_list("dataset__name", "version", "state")
    )
    assert told == [
        ("d", "1.0.0", "withdrawn"), ("d", "1.0.1", "withdrawn"), ("d", "2.0.0", "published"),
        ("e", "1.0.0", "withdrawn"), ("e", "2.0.0", "published"),
    ]  # fmt: skip
    assert set(Release.objects.filter(state="withdrawn").values_list("successor", flat=True)) == {"2.0.0"}


def test_where_nothing_is_left_there_is_a_tombstone_without_a_successor(study):
    Item.objects.update(groups={"subject": "s0"})
    _rated(study)
    released(dataset())
    _erase(corpus="corpus-study", value="s0")
    _work()
    stone = factories.signed_in().get("/api/datasets/d/releases/1.0.0/").json()["details"]
    assert stone["successor"] is None
    assert Withdrawal.objects.get().dropped_at
    # The dataset goes on: its next release cannot be compared, so it is a MAJOR step.
    factories.item("new", Item.objects.model.corpus.field.related_model.objects.get(), kind="text")
    assert released(dataset()).version == "2.0.0"


def test_a_successor_that_cannot_be_built_is_asked_for_again(people):
    from ingest.models import Collection

    erased = _erase(rater=people[0]).json()
    Collection.objects.update(name="elsewhere")
    job = performed(Job.objects.get(kind="exports.withdraw"))
    assert (job.state, job.error["code"]) == (JobState.FAILED, "invalid")
    client = factories.signed_in()
    assert client.get("/api/datasets/d/releases/1.0.0/").status_code == 410
    Collection.objects.update(name="all-study")
    assert client.post(f"/api/erasures/{erased['id']}/resume/").status_code == 202
    _work()
    assert client.get("/api/datasets/d/releases/1.0.0/").json()["details"]["successor"] == "2.0.0"


def test_whoever_withdrew_leaves_the_next_release_and_waits_to_be_erased(people, study):
    rater = _rated(study)
    released(dataset())
    rater.post("participation/withdraw/")
    client, name = factories.signed_in(), _pseudonym(rater)
    (waiting,) = client.get("/api/erasures/pending/").json()["results"]
    assert (waiting["rater"], waiting["study"], waiting["responses"]) == (name, "study", 4)
    assert [one["version"] for one in waiting["releases"]] == ["2.0.0"]
    assert released(dataset()).summary["rows"]["raters"] == 2
    assert client.get("/api/datasets/d/releases/2.0.0/").status_code == 200
    _erase(rater=name)
    _work()
    assert client.get("/api/erasures/pending/").json()["results"] == []
    assert Release.objects.get(version="2.0.0").successor == "3.0.0"
    assert Release.objects.get(version="1.0.0").state == "published"


def test_the_same_id_again_is_the_same_erasure(people):
    body = {"id": str(uuid.uuid4()), "rater": people[0]}
    assert [_erase(**body).status_code for _ in range(2)] == [202, 202]
    assert Erasure.objects.count() == 1
    assert Job.objects.filter(kind="exports.withdraw").count() == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"rater": "r-nobody"}, 404),
        ({"corpus": "nothing", "value": "s0"}, 404),
        ({"corpus": "corpus-study", "value": "nobody"}, 404),
        ({"corpus": "corpus-study"}, 400),
        ({}, 400),
        ({"rater": "r", "corpus": "c", "value": "v"}, 400),
    ],
)
def test_whom_nobody_knows_is_not_erased(people, body, status):
    assert _erase(**body).status_code == status
    assert factories.signed_in().get("/api/erasures/plan/", body).status_code == status
    assert not Erasure.objects.exists()


def test_a_place_in_a_file_without_rater_ids_is_nobody(people):
    RaterRow.objects.filter(pseudonym=people[0]).update(slot=True)
    answer = _erase(rater=people[0])
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_whoever_withdraws_in_the_middle_of_a_trace_is_pending_too():
    rater = Rater.consented(factories.study(items=2, preset="veatic"))
    rater.open_trace(rater.next())
    rater.post("participation/withdraw/")
    (waiting,) = factories.signed_in().get("/api/erasures/pending/").json()["results"]
    assert (waiting["responses"], waiting["releases"]) == (0, [])
    _erase(rater=waiting["rater"])
    _work()
    assert not Trace.objects.exists()
    assert factories.signed_in().get("/api/erasures/pending/").json()["results"] == []


def test_another_organisation_neither_sees_nor_erases(people):
    eve = factories.signed_in("eve@other.example", "other")
    assert _erase(eve, rater=people[0]).status_code == 404
    erased = _erase(rater=people[0]).json()
    _work()
    assert eve.get(f"/api/erasures/{erased['id']}/").status_code == 404
    assert eve.get("/api/erasures/").json()["results"] == []
    for path in ("proof/", "proof/files/manifest.json"):
        assert eve.get(f"/api/datasets/d/releases/1.0.0/{path}").status_code == 404
        assert factories.signed_in().get(f"/api/datasets/d/releases/1.0.0/{path}").status_code == 200
        assert factories.signed_in().get(f"/api/datasets/d/releases/2.0.0/{path}").status_code == 404


def test_a_trace_goes_with_its_events_and_series():
    study = factories.study(items=2, preset="veatic")
    rater, other = Rater.consented(study), Rater.consented(study)
    for one in (rater, other):
        assignment = one.next()
        one.submit(assignment, {"affect": {"trace": one.trace_item(assignment)}})
    released(dataset())
    name = _pseudonym(rater)
    _erase(rater=name)
    _work()
    assert Trace.objects.count() == 1
    assert not Trace.objects.filter(rater__pseudonym=name).exists()
    (traces,) = [one for one in Withdrawal.objects.get().proof if one["table"] == "traces"]
    assert (traces["kept"], traces["removed"], traces["unknown"]) == (1, 1, 0)


def test_a_model_repository_refuses_proves_and_purges(people, at_the_server, capsys):
    assert main(["add", "d@^1", "-q"]) == 0
    assert main(["pull", "d@1.0.0", "-q", "-o", "old"]) == 0
    _erase(rater=people[0])
    _work()
    with pytest.raises(WithdrawnError, match="consent taken back"):
        affectory.load("d@1.0.0")
    assert affectory.load("d").version == "2.0.0"
    assert main(["pull", "d@1.0.0", "-o", "again"]) == 4
    told = capsys.readouterr().err
    assert "4 annotations" in told
    assert "use its successor 2.0.0" in told
    assert main(["pull", "d@1.0.0", "-o", "again", "--allow-withdrawn"]) == 0
    assert "withdrawn" in capsys.readouterr().err
    # A lock that the cache satisfies does not hide it either.
    with pytest.raises(WithdrawnError, match=r"use its successor 2\.0\.0"):
        affectory.load(lock="dataset.lock")
    for command in (["sync", "--frozen"], ["verify"], ["verify", "old"]):
        assert main(command) == 4
        assert main([*command, "--allow-withdrawn"]) == 0
        assert "withdrawn" in capsys.readouterr().err
    assert main(["verify", "--successor", "d@1.0.0", "--json"]) == 0
    proof = json.loads(capsys.readouterr().out)
    assert proof["holds"]
    assert proof["pinned"]
    assert {"table": "annotations", "part": "full", "kept": 4, "removed": 4, "unknown": 0} in proof["parts"]
    assert main(["verify", "--successor", "d@1.0.0"]) == 0
    assert "d@2.0.0 is d@1.0.0 minus removed answers" in capsys.readouterr().out
    assert main(["cache", "purge-withdrawn", "--json"]) == 0
    assert [row["version"] for row in json.loads(capsys.readouterr().out)] == ["1.0.0"]
    # The lock still pins the old one: it says so, and where to go.
    assert main(["sync", "--frozen"]) == 4


def test_a_server_that_slips_an_answer_in_is_found_out(people, at_the_server, study, capsys):
    main(["pull", "d@1.0.0", "-q", "-o", "old"])
    _erase(rater=people[0])
    _work()
    _rated(study)
    # A later release with one rater more is named as the successor.
    released(dataset())
    Release.objects.filter(version="1.0.0").update(successor="3.0.0")
    assert main(["verify", "--successor", "d@1.0.0"]) == 3
    assert "is NOT d@1.0.0 minus removed answers: 4 of its rows" in capsys.readouterr().out
