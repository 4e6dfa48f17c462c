"""Drafts that will not be published, and objects that nothing refers to any more."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from affectory.errors import Conflict
from audit.facade import record
from exports.models import Dataset, Release, ReleaseFile, ReleaseState
from ingest.facade import object_is_used
from jobs.facade import Job, Running, request_job
from storage.facade import deleting

DROP = "exports.drop"


def lock_dataset(dataset_id: int) -> None:
    """Until the transaction ends nobody else publishes, discards or erases in this dataset."""
    Dataset.objects.select_for_update(no_key=True).get(pk=dataset_id)


@transaction.atomic
def discard_draft(*, release: Release, actor: str, **why: Any) -> None:
    """Forget a draft; its files go in a job. Once more is harmless; what was published stays and is a Conflict."""
    lock_dataset(release.dataset_id)
    row = Release.objects.select_related("dataset").filter(pk=release.pk).first()
    if row is None:
        return
    name = f"{row.dataset.name}@{row.version}"
    if row.state != ReleaseState.DRAFT:
        raise Conflict(
            f"{name} is published by now. It can be deprecated or yanked, not discarded.", code="not_a_draft"
        )
    request_deletion(
        dataset=row.dataset, digests=row.files.values_list("sha256", flat=True), requested_by=actor
    )
    record(actor=actor, action="discarded", subject=f"release:{name}", digest=row.digest, **why)
    row.delete()


def request_deletion(
    *, dataset: Dataset, digests: Iterable[str], requested_by: str, name: str = "", delay_s: float = 0
) -> Job:
    """Queue the deletion of those of these objects that nothing refers to when its turn comes.

    It takes the place of another one of the same ``name``.
    """
    key = f"{DROP}:{name or uuid.uuid4()}"
    Job.objects.filter(key=key).delete()
    return request_job(
        kind=DROP,
        key=key,
        # Not the dataset: what waits here is nobody's next step.
        scope=f"files:{dataset.name}",
        organisation_id=dataset.organisation_id,
        requested_by=requested_by,
        payload={"objects": sorted(set(digests))},
        delay_s=delay_s,
    )


def drop_objects(running: Running) -> None:
    delete_unreferenced(running.payload["objects"])


def delete_unreferenced(digests: Iterable[str]) -> None:
    """Delete those objects that nothing refers to any more."""
    with deleting() as delete:
        for sha256 in digests:
            if not (ReleaseFile.objects.filter(sha256=sha256).exists() or object_is_used(sha256)):
                delete(sha256)
