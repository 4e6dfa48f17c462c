"""A dataset of the lab's study, and its releases, for the tests of this room."""

from typing import Any

from exports.facade import request_release, save_dataset
from exports.models import Dataset, Release
from jobs.models import Job, JobState
from jobs.services import perform
from tests import factories


def dataset(**recipe: Any) -> Dataset:
    of = {"collection": "all-study", "studies": ["study"], **recipe}
    return save_dataset(organisation=factories.lab(), name="d", title="D", description="", recipe=of)


def performed(job: Job) -> Job:
    Job.objects.filter(pk=job.pk).update(not_before=job.created_at)
    perform(job.pk)
    job.refresh_from_db()
    return job


def released(of: Dataset, **more: Any) -> Release:
    job = performed(request_release(dataset=of, requested_by="test", **more))
    assert job.state == JobState.SUCCEEDED, job.error
    return Release.objects.get(job=job.pk)
