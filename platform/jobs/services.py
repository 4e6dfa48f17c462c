"""Asking for work, doing it once, and picking up what a dead worker left."""

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from affectory import __version__
from affectory.errors import AffectoryError, Conflict, Unavailable
from jobs.models import Job, JobState

# A worker that is busy may miss some renewals before it loses its job.
RENEWALS_PER_LEASE = 4
# A long queue is not a lost one: without a bound, each sweep would send all of it again.
NUDGES_PER_SWEEP = 200
RETRY_AFTER_S = (5, 20, 60, 300)

Work = Callable[["Running"], Any]
_WORK: dict[str, Work] = {}
_LOG = logging.getLogger("jobs")


class LeaseLost(Conflict):
    """Another worker has taken the job over; this one must stop without writing anything more."""

    code = "lease_lost"


def job(kind: str) -> Callable[[Work], Work]:
    """Register the function that does the work of a kind. It may run twice and must not mind."""

    def register(work: Work) -> Work:
        _WORK[kind] = work
        return work

    return register


def request_job(
    *,
    kind: str,
    key: str,
    scope: str,
    organisation_id: int,
    requested_by: str,
    payload: dict[str, Any],
    delay_s: float = 0,
    retry_failed: bool = False,
    max_attempts: int = 5,
) -> Job:
    """Find or add the job with this key, in the caller's transaction; the nudge leaves after the commit.

    With ``retry_failed``, asking again for a job that was given up gives it all its attempts anew.
    """
    row, created = Job.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "scope": scope,
            "organisation_id": organisation_id,
            "requested_by": requested_by,
            "payload": payload,
            "max_attempts": max_attempts,
            "not_before": timezone.now() + timedelta(seconds=delay_s),
        },
    )
    if created or (retry_failed and _revived(row)):
        transaction.on_commit(lambda: nudge(row.id, delay_s=delay_s))
    return row


def make_due(row: Job) -> None:
    """Let a job begin now that was to begin later."""
    Job.objects.filter(pk=row.pk, state=JobState.QUEUED).update(not_before=timezone.now())
    transaction.on_commit(lambda: nudge(row.id))


def _revived(row: Job) -> bool:
    """Queue a failed job again; whether it had failed. ``row`` then says so."""
    anew = {"state": JobState.QUEUED, "attempt": 0, "error": None, "finished_at": None, "nudged_at": None}
    failed = Job.objects.filter(pk=row.pk, state=JobState.FAILED)
    revived = failed.update(**anew, not_before=timezone.now()) > 0
    if revived:
        row.refresh_from_db()
    return revived


@transaction.atomic
def request_debounced(
    *, kind: str, scope: str, organisation_id: int, requested_by: str, payload: dict[str, Any], delay_s: float
) -> Job:
    """Join the job of this kind and payload that has not begun yet, or add one.

    The row lock holds such a job back until the caller's transaction has ended, so it sees what the caller wrote.
    """
    alike = Job.objects.filter(
        kind=kind, organisation=organisation_id, payload=payload, state=JobState.QUEUED, attempt=0
    )
    waiting = alike.select_for_update(no_key=True).order_by("created_at").first()
    if waiting:
        return waiting
    return request_job(
        kind=kind,
        key=f"{kind}:{scope}:{uuid.uuid4()}",
        scope=scope,
        organisation_id=organisation_id,
        requested_by=requested_by,
        payload=payload,
        delay_s=delay_s,
    )


def nudge(job_id: uuid.UUID, *, delay_s: float = 0) -> None:
    """Tell a worker. If the broker is away, the sweeper will tell it later: nothing is lost.

    What is due much later than the next sweep is the sweeper's: no worker keeps it in mind until then.
    """
    if delay_s > _lease().total_seconds():
        return
    from jobs.tasks import run_job  # noqa: PLC0415  (tasks import services)

    try:
        run_job.apply_async((str(job_id),), countdown=delay_s or None, retry=False)
    except Exception:  # noqa: BLE001  (whatever a broker raises, the row is there for the sweeper)
        _LOG.warning("The broker did not take job %s; the sweeper will.", job_id, exc_info=True)
        return
    Job.objects.filter(pk=job_id).update(nudged_at=timezone.now() + timedelta(seconds=delay_s))


class Running:
    """A claimed job, as its work function sees it."""

    def __init__(self, row: Job) -> None:
        self.row = row
        self.payload: dict[str, Any] = row.payload

    @property
    def is_last(self) -> bool:
        """Whether the job is given up when this attempt comes to nothing."""
        return self.row.attempt >= self.row.max_attempts

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Show how far it is. Raises LeaseLost when the job has been taken over."""
        self._hold(done=done, total=total, message=message[:300])

    @contextmanager
    def commit(self) -> Iterator[None]:
        """A transaction that commits only if this worker still holds the job."""
        with transaction.atomic():
            held = (
                Job.objects.select_for_update(no_key=True)
                .filter(pk=self.row.pk, lease=self.row.lease)
                .exists()
            )
            if not held:
                raise LeaseLost(f"Job {self.row.pk} was taken over by another worker.")
            yield

    def renew(self) -> None:
        self._hold()

    def _hold(self, **fields: Any) -> None:
        fields["lease_until"] = timezone.now() + _lease()
        if not Job.objects.filter(pk=self.row.pk, lease=self.row.lease).update(**fields):
            raise LeaseLost(f"Job {self.row.pk} was taken over by another worker.")


def _lease() -> timedelta:
    """How long a job is its worker's own after each sign of life."""
    return timedelta(seconds=settings.JOB_LEASE_S)


def claim(job_id: uuid.UUID | str) -> Job | None:
    """Compare-and-set: of many workers that were nudged, one gets the row, the others None."""
    now, lease = timezone.now(), uuid.uuid4()
    free = Q(state=JobState.QUEUED, not_before__lte=now) | Q(state=JobState.RUNNING, lease_until__lt=now)
    taken = Job.objects.filter(free, pk=job_id, attempt__lt=F("max_attempts")).update(
        state=JobState.RUNNING,
        lease=lease,
        lease_until=now + _lease(),
        attempt=F("attempt") + 1,
        started_at=now,
        code_version=__version__,
    )
    return Job.objects.get(pk=job_id) if taken else None


def perform(job_id: uuid.UUID | str) -> None:
    """Claim and do one job; its outcome is in its row."""
    row = claim(job_id)
    if row is None:
        return
    running = Running(row)
    try:
        with _renewed(running):
            result = _WORK[row.kind](running)
    except LeaseLost:
        _LOG.warning("Job %s %s was taken over.", row.kind, row.pk)
    except Unavailable as error:
        _retry(row, error.as_dict())
    except AffectoryError as error:
        _fail(row, error.as_dict())
    except Exception as error:  # noqa: BLE001  (any fault of the work ends its attempt, never the worker)
        _LOG.exception("Job %s %s failed.", row.kind, row.pk)
        _retry(row, {"code": "internal_error", "message": f"{type(error).__name__}: {error}", "details": {}})
    else:
        _end(row, state=JobState.SUCCEEDED, result=result, error=None)


@contextmanager
def _renewed(running: Running) -> Iterator[None]:
    """Keep the lease alive while the work runs, from a thread with a connection of its own."""
    stop = threading.Event()

    def renew() -> None:
        while not stop.wait(settings.JOB_LEASE_S / RENEWALS_PER_LEASE):
            try:
                running.renew()
            except LeaseLost:
                return
            except DatabaseError:
                _LOG.warning(
                    "Job %s: the lease was not renewed; trying again.", running.row.pk, exc_info=True
                )
            finally:
                # Never kept over the wait: a connection that broke is not used again.
                connection.close()

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _fail(row: Job, error: dict[str, Any]) -> None:
    """What the work itself refused would be refused again."""
    _end(row, state=JobState.FAILED, error=error)


def _retry(row: Job, error: dict[str, Any]) -> None:
    if row.attempt >= row.max_attempts:
        _fail(row, error)
        return
    wait_s = RETRY_AFTER_S[min(row.attempt, len(RETRY_AFTER_S)) - 1]
    back = {"state": JobState.QUEUED, "lease": None, "lease_until": None, "error": error}
    Job.objects.filter(pk=row.pk, lease=row.lease).update(
        not_before=timezone.now() + timedelta(seconds=wait_s), **back
    )
    nudge(row.pk, delay_s=wait_s)


def _end(row: Job, **fields: Any) -> None:
    Job.objects.filter(pk=row.pk, lease=row.lease).update(
        finished_at=timezone.now(), lease=None, lease_until=None, **fields
    )


def sweep() -> int:
    """Nudge again what waits longer than half a lease or whose worker died; returns how many.

    A job that has used up its attempts with dead workers is failed here, with a reason.
    """
    now = timezone.now()
    dead = Q(state=JobState.RUNNING, lease_until__lt=now)
    worn = {"code": "worker_died", "message": "Its worker died on every attempt.", "details": {}}
    Job.objects.filter(dead, attempt__gte=F("max_attempts")).update(
        state=JobState.FAILED, error=worn, finished_at=now, lease=None, lease_until=None
    )
    unheard = Q(nudged_at=None) | Q(nudged_at__lt=now - _lease() / 2)
    waiting = Q(state=JobState.QUEUED, not_before__lte=now)
    longest_unheard_first = Job.objects.filter((dead | waiting) & unheard).order_by(
        F("nudged_at").asc(nulls_first=True), "created_at"
    )
    ids = list(longest_unheard_first.values_list("pk", flat=True)[:NUDGES_PER_SWEEP])
    for job_id in ids:
        nudge(job_id)
    return len(ids)
