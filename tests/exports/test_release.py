import errno
import hashlib
import os
import shutil
import uuid

import pytest
from django.conf import settings

from affectory.errors import Invalid
from annotation.services.participation import withdraw
from exports.facade import request_release, save_dataset
from exports.models import Release, ReleaseFile, SplitAssignment
from exports.services import build
from ingest.models import Item
from jobs import services
from jobs.models import Job, JobState
from jobs.services import perform
from storage.facade import read_bytes
from tests import factories
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)
RECIPE = {"collection": "all-study", "studies": ["study"]}


@pytest.fixture
def study():
    found = factories.study(items=4)
    Rater.consented(found).rate()
    return found


@pytest.fixture
def dataset(study):
    return _dataset()


def _dataset(**recipe):
    return save_dataset(
        organisation=factories.lab(), name="d", title="D", description="", recipe={**RECIPE, **recipe}
    )


def _job(dataset, **more):
    return request_release(dataset=dataset, requested_by="test", **more)


def _performed(job):
    perform(job.pk)
    job.refresh_from_db()
    return job


def _released(dataset, **more):
    job = _performed(_job(dataset, **more))
    assert job.state == JobState.SUCCEEDED, job.error
    return Release.objects.get(job=job.pk)


def test_a_release_is_there_as_a_whole_with_bytes_that_match_their_names(dataset):
    release = _released(dataset)
    client = factories.signed_in()
    shown = client.get("/api/datasets/d/releases/1.0.0/").json()
    assert (shown["state"], shown["digest"]) == ("published", release.digest)
    for file in release.files.all():
        answer = client.get(f"/api/datasets/d/releases/1.0.0/files/{file.path}")
        content = b"".join(answer.streaming_content)
        assert hashlib.sha256(content).hexdigest() == file.sha256
        assert answer["ETag"] == f'"{file.sha256}"'
    part = client.get("/api/datasets/d/releases/1.0.0/files/manifest.json", headers={"range": "bytes=0-0"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"{")
    for wrong in ("nothing", "../manifest.json", "%2e%2e/manifest.json"):
        assert client.get(f"/api/datasets/d/releases/1.0.0/files/{wrong}").status_code == 404


def test_another_organisation_finds_neither_dataset_nor_release_nor_file(dataset):
    _released(dataset)
    client = factories.signed_in("eve@other.example", "other")
    for path in ("", "releases/", "releases/1.0.0/", "releases/1.0.0/files/manifest.json"):
        assert client.get(f"/api/datasets/d/{path}").status_code == 404
    body = {"request_id": str(uuid.uuid4())}
    assert client.post("/api/datasets/d/releases/", body, content_type="application/json").status_code == 404


def test_asking_twice_with_one_id_makes_one_release(dataset):
    client, body = factories.signed_in(), {"request_id": str(uuid.uuid4()), "notes": "first"}
    answers = [
        client.post("/api/datasets/d/releases/", body, content_type="application/json") for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["id"] == answers[1].json()["id"]


@pytest.mark.parametrize("version", ["1", "01.0.0", "1.0.0-beta", "1.0.0\n", "9999999.0.0", "v1.0.0"])
def test_a_version_that_is_none_is_refused(dataset, version):
    body = {"request_id": str(uuid.uuid4()), "version": version}
    answer = factories.signed_in().post("/api/datasets/d/releases/", body, content_type="application/json")
    if version.strip() != version:
        return  # white space is trimmed
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


class Killed(BaseException):
    """What SIGKILL looks like from inside: nothing of ours runs afterwards."""


#: A step of a build, and whether all of the release is written by then.
STEPS = {
    "build.read_source": False,
    "build.write_tables": False,
    "build._finish": False,
    "storing._stored": True,
    "storing.put": True,
    "build.keep_draft": True,
}


def _killed_at(step, job, monkeypatch):
    def die(*_args, **_more):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(f"exports.services.{step}", die)
        patch.setattr(shutil, "rmtree", lambda *_args, **_more: None)
        with pytest.raises(Killed):
            perform(job.pk)
    Job.objects.filter(pk=job.pk).update(lease_until=job.created_at)


def _writes(monkeypatch):
    """The times that tables are written from now on."""
    written, real = [], build.write_tables
    monkeypatch.setattr(build, "write_tables", lambda *args: written.append(1) or real(*args))
    return written


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_at_any_step_leaves_nothing_and_the_repeat_gives_the_same(dataset, step, monkeypatch):
    expected = _released(dataset).manifest["digest"]
    Release.objects.all().delete()
    SplitAssignment.objects.all().delete()

    job = _job(dataset)
    _killed_at(step, job, monkeypatch)
    assert not Release.objects.exists()
    assert not ReleaseFile.objects.exists()
    assert not SplitAssignment.objects.exists()
    written = _writes(monkeypatch)
    assert _performed(job).state == JobState.SUCCEEDED
    release = Release.objects.get()
    assert release.digest == expected
    assert job.attempt == 2
    # What was written is not written again.
    assert bool(written) != STEPS[step]
    assert SplitAssignment.objects.exists()
    assert not _left(job)


def _left(job):
    return list((settings.DATA_FOLDER / "building").glob(f"{job.pk}-*"))


def _change_a_table(job, dataset):
    (part,) = next(path for path in _left(job) if path.is_dir()).glob("release/annotations/full-*.parquet")
    part.write_bytes(part.read_bytes()[:-1] + b"?")


def _publish_another(_job, dataset):
    _released(dataset)


def _change_the_recipe(_job, dataset):
    dataset.recipe["gold"] = {"min_raters": 1}
    dataset.save()


@pytest.mark.parametrize("came", [_change_a_table, _publish_another, _change_the_recipe])
def test_what_a_killed_build_had_written_is_used_only_while_it_stands(dataset, came, monkeypatch):
    job = _job(dataset)
    _killed_at("build.keep_draft", job, monkeypatch)
    came(job, dataset)
    written = _writes(monkeypatch)
    assert _performed(job).state == JobState.SUCCEEDED
    assert len(written) == 1
    release = Release.objects.get(job=job.pk)
    assert (release.manifest["parent"] is not None) == (came is _publish_another)
    for path, sha256 in release.files.values_list("path", "sha256"):
        assert hashlib.sha256(read_bytes(sha256)).hexdigest() == sha256, path
    assert {file["path"]: file["sha256"] for file in release.manifest["files"]}.items() <= dict(
        release.files.values_list("path", "sha256")
    ).items()
    assert not _left(job)


def test_what_jobs_left_on_a_machine_goes_when_they_have_ended_elsewhere(dataset, monkeypatch):
    job, later = _job(dataset), _job(dataset)
    _killed_at("build.keep_draft", job, monkeypatch)
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, lease=None, lease_until=None)
    assert _left(job)
    assert _performed(later).state == JobState.SUCCEEDED
    assert not _left(job)


FAULTS = {
    "the disk is full while a table is written": (
        "affectory.release.parquet.PartWriter._write_bytes",
        errno.ENOSPC,
    ),
    "the disk is full while the manifest is written": ("affectory.release.writer.sums_text", errno.ENOSPC),
    "the store is full": ("storage.objects.FolderStore.put", errno.ENOSPC),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_full_disk_leaves_nothing_and_the_repeat_gives_the_same(dataset, fault, monkeypatch):
    expected = _released(dataset).manifest["digest"]
    Release.objects.all().delete()
    SplitAssignment.objects.all().delete()
    place, number = FAULTS[fault]

    def fail(*_args, **_more):
        raise OSError(number, os.strerror(number))

    job = _job(dataset)
    with monkeypatch.context() as patch:
        patch.setattr(place, fail)
        perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error["code"]) == (JobState.QUEUED, "internal_error")
    assert os.strerror(number) in job.error["message"]
    assert not Release.objects.exists()
    assert not ReleaseFile.objects.exists()
    assert not SplitAssignment.objects.exists()
    assert not list((settings.DATA_FOLDER / "building").glob(f"{job.pk}-*"))
    Job.objects.update(not_before=job.created_at)
    assert _performed(job).state == JobState.SUCCEEDED
    assert Release.objects.get().digest == expected


def test_a_crash_after_publishing_finds_the_release_again(dataset, monkeypatch):
    job = _job(dataset)
    with monkeypatch.context() as patch:
        patch.setattr(services, "_end", lambda *_args, **_more: None)
        perform(job.pk)
    Job.objects.update(lease_until=job.created_at)
    _performed(job)
    release = Release.objects.get()
    assert job.result == {"version": "1.0.0", "digest": release.digest}


def test_two_builds_of_the_same_values_have_the_same_bytes(dataset):
    first = _released(dataset)
    files = dict(first.files.values_list("path", "sha256"))
    created_at = Job.objects.get(pk=first.job).created_at
    first.delete()
    SplitAssignment.objects.all().delete()
    job = _job(dataset)
    Job.objects.filter(pk=job.pk).update(created_at=created_at)
    _performed(job)
    assert dict(Release.objects.get().files.values_list("path", "sha256")) == files


def test_the_version_follows_from_the_difference(dataset, study):
    assert _released(dataset).version == "1.0.0"
    assert _released(dataset).version == "1.0.1"
    Rater.consented(study).rate()
    assert _released(dataset).version == "2.0.0"
    small = _performed(_job(dataset, version="2.0.0"))
    assert (small.state, small.error["code"]) == (JobState.FAILED, "version_too_small")
    assert _released(dataset, version="3.0.0").version == "3.0.0"
    assert Release.objects.count() == 4


def test_a_release_that_was_overtaken_is_compared_again(dataset, monkeypatch):
    """Two builds at once: the second one's parent is the first, and neither takes the other's place."""
    first, second = _job(dataset), _job(dataset)
    real, waiting = build._publish, [first]

    def overtaken(*args, **more):
        if waiting:
            perform(waiting.pop().pk)
        return real(*args, **more)

    monkeypatch.setattr(build, "_publish", overtaken)
    assert _performed(second).state == JobState.SUCCEEDED
    versions = dict(Release.objects.values_list("job", "version"))
    assert versions == {first.pk: "1.0.0", second.pk: "1.0.1"}
    assert Release.objects.get(version="1.0.1").manifest["parent"]["version"] == "1.0.0"


def test_old_groups_stay_where_they_are_and_a_leak_blocks_publishing(study):
    dataset = _dataset(split={"keys": ["speaker"]})
    Item.objects.update(groups={})
    for n, item in enumerate(Item.objects.order_by("key")):
        Item.objects.filter(pk=item.pk).update(groups={"speaker": f"s{n}"})
    _released(dataset)
    ledger = dict(SplitAssignment.objects.values_list("group", "role"))
    assert len({role for group, role in ledger.items() if group.startswith("speaker=")}) > 1
    # Now two speakers turn out to be one person, who stands in two splits.
    Item.objects.update(groups={"speaker": "s0"})
    refused = _performed(_job(dataset))
    assert (refused.state, refused.error["code"]) == (JobState.FAILED, "split_leak")
    assert Release.objects.count() == 1
    assert dict(SplitAssignment.objects.values_list("group", "role")) == ledger


def test_whoever_withdrew_is_marked_and_makes_no_label(dataset, study):
    other = Rater.consented(study)
    other.rate()
    participation = other.get("participation/").json()
    withdraw(participation_id=participation["id"])
    release = _released(dataset)
    assert release.summary["studies"]["study"]["excluded"] == {"withdrawn": 1}
    assert release.summary["studies"]["study"]["raters"] == {"crowd": 1}


def test_names_from_other_platforms_are_in_no_file_of_a_release(dataset):
    from accounts.models import Rater as RaterRow
    from accounts.models import RaterIdentity
    from storage.facade import read_bytes

    RaterIdentity.objects.create(
        rater=RaterRow.objects.first(), platform="prolific", external_id="PID-SECRET-1"
    )
    release = _released(dataset)
    for file in release.files.all():
        assert b"PID-SECRET-1" not in read_bytes(file.sha256)


@pytest.mark.parametrize(
    ("recipe", "reason"),
    [
        ({"studies": []}, "studies"),
        ({"split": {"ratios": {"dev": 1}}}, "split.ratios"),
        ({"split": {"keys": ["Not A Column"]}}, r"split.keys\[0\]"),
        ({"split": {"keys": ["split"]}}, r"split.keys\[0\]"),
        ({"splits": {}}, "splits"),
        ({"media": "all"}, "media"),
    ],
)
def test_a_wrong_recipe_names_its_key(recipe, reason):
    with pytest.raises(Invalid, match=reason):
        _dataset(**recipe)


@pytest.mark.parametrize(
    ("recipe", "code"),
    [
        ({"collection": "none"}, "invalid"),
        ({"studies": ["none"]}, "not_found"),
    ],
)
def test_a_recipe_that_cannot_be_followed_fails_at_once_with_the_reason(study, recipe, code):
    job = _performed(_job(_dataset(**recipe)))
    assert (job.state, job.attempt) == (JobState.FAILED, 1)
    assert code in {None, job.error["code"]}
    assert job.error["code"] != "internal_error"


def test_lists_take_as_many_queries_for_many_rows_as_for_one(django_assert_max_num_queries):
    client = factories.signed_in()
    counts = {}
    for n in range(2):
        for _ in range(1 if n == 0 else 4):
            _one_of_each()
        for path in ("studies", "datasets", "corpora", "jobs"):
            with django_assert_max_num_queries(20) as asked:
                assert client.get(f"/api/{path}/").status_code == 200
            counts.setdefault(path, []).append(len(asked))
    assert {path: first == second for path, (first, second) in counts.items()} == dict.fromkeys(
        counts, True
    ), counts


def _one_of_each():
    slug = f"s-{uuid.uuid4().hex[:8]}"
    Rater.consented(factories.study(slug, items=1)).rate()
    dataset = save_dataset(
        organisation=factories.lab(), name=slug, title="", description="",
        recipe={"collection": f"all-{slug}", "studies": [slug]},
    )  # fmt: skip
    _released(dataset)
