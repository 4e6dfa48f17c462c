import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from affectory.errors import Invalid
from jobs import services, tasks
from jobs.models import Job, JobState
from jobs.patience import NobodyWorks, Patience
from tests import factories

pytestmark = pytest.mark.django_db
KIND = "test.work"


@pytest.fixture
def nudged(monkeypatch):
    """Ids of the jobs that a worker was told about."""
    told = []
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_: told.append(args[0]))
    return told


@pytest.fixture
def work(monkeypatch):
    """Register what a test wants done under the kind of its jobs."""
    return lambda function: monkeypatch.setitem(services._WORK, KIND, function)


def _request(key="one", **more):
    asked = {
        "kind": KIND, "key": key, "scope": "test:1", "organisation_id": factories.lab().pk,
        "requested_by": "test", "payload": {"n": 1},
    }  # fmt: skip
    return services.request_job(**{**asked, **more})


def _expire(job):
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_job_is_queued_with_the_transaction_and_nudged_after_it(nudged, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = _request()
        assert nudged == []
    assert nudged == [str(job.pk)]
    assert Job.objects.get().nudged_at


def test_the_same_key_finds_the_same_job(nudged, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert _request().pk == _request().pk
    assert len(nudged) == 1


def test_a_broker_that_is_away_loses_nothing(monkeypatch, work, django_capture_on_commit_callbacks):
    def refuse(*_args, **_more):
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.run_job, "apply_async", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        job = _request()
    told = []
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_: told.append(args[0]))
    assert services.sweep() == 1
    assert told == [str(job.pk)]
    assert services.sweep() == 0


def test_work_is_done_once_and_its_result_is_kept(work):
    done = []
    work(lambda running: done.append(running.payload) or {"ok": True})
    job = _request()
    services.perform(job.pk)
    services.perform(job.pk)
    job.refresh_from_db()
    assert done == [{"n": 1}]
    assert (job.state, job.result, job.lease, job.attempt) == (JobState.SUCCEEDED, {"ok": True}, None, 1)


def test_of_two_workers_one_gets_the_job():
    job = _request()
    assert services.claim(job.pk)
    assert services.claim(job.pk) is None


def test_a_job_waits_for_its_time():
    job = _request(delay_s=60)
    assert services.claim(job.pk) is None


def test_what_the_work_refuses_is_not_tried_again(work, nudged):
    def refuse(_running):
        raise Invalid("The recipe is wrong.", code="invalid_recipe", details={"field": "x"})

    work(refuse)
    job = _request()
    services.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt) == (JobState.FAILED, 1)
    assert job.error == {
        "code": "invalid_recipe",
        "message": "The recipe is wrong.",
        "details": {"field": "x"},
    }


def test_asking_again_for_a_failed_job_may_give_it_all_its_attempts_anew(work, nudged):
    def refuse(_running):
        raise Invalid("The key cannot be read.")

    work(refuse)
    services.perform(_request().pk)
    assert _request().state == JobState.FAILED
    again = _request(retry_failed=True)
    assert (again.state, again.attempt, again.error) == (JobState.QUEUED, 0, None)
    work(lambda _running: {"ok": True})
    services.perform(again.pk)
    assert _request(retry_failed=True).result == {"ok": True}


def test_waiting_ends_when_no_worker_shows_a_sign_of_life(work):
    work(lambda _running: None)
    job = _request()
    patience = Patience(limit_s=0)
    services.claim(job.pk)
    patience.check()
    with pytest.raises(NobodyWorks, match="No worker has done anything for 0 s"):
        patience.check()
    Patience(limit_s=600).check()


def test_a_fault_is_tried_again_later_and_given_up_in_the_end(work, nudged):
    def fail(_running):
        raise RuntimeError("disk full")

    work(fail)
    job = _request()
    for attempt in range(1, 6):
        services.perform(job.pk)
        job.refresh_from_db()
        assert job.attempt == attempt
        assert job.error["message"] == "RuntimeError: disk full"
        if attempt < 5:
            assert job.state == JobState.QUEUED
            assert job.not_before > timezone.now()
        Job.objects.update(not_before=timezone.now())
    assert (job.state, job.lease) == (JobState.FAILED, None)
    services.perform(job.pk)
    job.refresh_from_db()
    assert job.attempt == 5


def test_a_job_of_an_unknown_kind_fails_with_a_reason(nudged):
    job = _request(kind="test.unknown")
    services.perform(job.pk)
    job.refresh_from_db()
    assert job.error["message"] == "KeyError: 'test.unknown'"


def test_what_a_dead_worker_left_is_taken_over_and_its_own_writes_are_refused(nudged):
    job = _request()
    dead = services.Running(services.claim(job.pk))
    _expire(job)
    assert services.sweep() == 1
    alive = services.Running(services.claim(job.pk))
    for write in (lambda: dead.progress(1, 2), dead.renew, lambda: _committed(dead)):
        with pytest.raises(services.LeaseLost):
            write()
    _committed(alive)
    services._end(dead.row, state=JobState.FAILED, error={"code": "late", "message": "", "details": {}})
    job.refresh_from_db()
    assert (job.state, job.attempt) == (JobState.RUNNING, 2)


def test_a_lease_is_as_long_as_the_lab_says(nudged, settings):
    settings.JOB_LEASE_S = 10
    held = services.claim(_request().pk)
    assert held.lease_until - held.started_at == timedelta(seconds=10)
    services.Running(held).renew()
    held.refresh_from_db()
    assert held.lease_until > held.started_at + timedelta(seconds=10)


def _committed(running):
    with running.commit():
        pass


def test_a_worker_that_was_taken_over_leaves_the_outcome_to_the_other(work):
    job = _request()

    def work_slowly(running):
        _expire(job)
        services.claim(job.pk)
        running.progress(1, 2)

    work(work_slowly)
    services.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt, job.error) == (JobState.RUNNING, 2, None)


def test_a_job_that_kills_every_worker_is_given_up(nudged):
    job = _request()
    for _ in range(5):
        assert services.claim(job.pk)
        _expire(job)
    assert services.sweep() == 0
    job.refresh_from_db()
    assert (job.state, job.error["code"]) == (JobState.FAILED, "worker_died")


def test_a_running_job_is_left_alone(nudged):
    services.claim(_request().pk)
    assert services.sweep() == 0


def test_a_long_queue_is_not_sent_again_as_a_whole(nudged, monkeypatch):
    monkeypatch.setattr(services, "NUDGES_PER_SWEEP", 2)
    jobs = [_request(key=str(n)) for n in range(3)]
    assert services.sweep() == 2
    assert services.sweep() == 1
    assert sorted(nudged) == sorted(str(job.pk) for job in jobs)


def test_requests_that_come_together_share_a_job_that_has_not_begun():
    def ask(organisation="lab", payload=1):
        return services.request_debounced(
            kind=KIND, scope="study:s", organisation_id=factories.lab(organisation).pk, requested_by="test",
            payload={"study": payload}, delay_s=0,
        )  # fmt: skip

    first = ask()
    assert ask().pk == first.pk
    assert ask("other", 2).pk != first.pk
    services.claim(first.pk)
    assert ask().pk != first.pk


def test_jobs_are_seen_by_their_organisation_only(django_assert_num_queries):
    ours, theirs = _request(), _request("two", organisation_id=factories.lab("other").pk)
    client = factories.signed_in()
    listed = client.get("/api/jobs/").json()["results"]
    assert [job["id"] for job in listed] == [str(ours.pk)]
    assert listed[0]["progress"] == {
        "done": 0,
        "total": 0,
        "rate_per_s": None,
        "remaining_s": None,
        "message": "",
    }
    assert client.get(f"/api/jobs/{ours.pk}/").status_code == 200
    for wrong in (theirs.pk, uuid.uuid4(), "not-an-id"):
        answer = client.get(f"/api/jobs/{wrong}/")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_progress_shows_rate_and_remaining_time():
    job, client = _request(), factories.signed_in()
    running = services.Running(services.claim(job.pk))
    Job.objects.update(started_at=timezone.now() - timedelta(hours=1))
    running.progress(5, 20, "a quarter")
    shown = client.get(f"/api/jobs/{job.pk}/").json()["progress"]
    assert shown["rate_per_s"] == pytest.approx(5 / 3600, rel=0.05)
    assert shown["remaining_s"] == pytest.approx(3 * 3600, rel=0.05)
