"""Making datasets, and asking for releases of them."""

import uuid
from typing import Any

from django.db import transaction

from accounts.facade import Organisation
from exports.models import Dataset
from exports.recipe import checked_recipe
from jobs.facade import Job, request_job

KIND = "exports.release"
CHECK = "exports.check"


def save_dataset(
    *, organisation: Organisation, name: str, title: str, description: str, recipe: dict[str, Any]
) -> Dataset:
    """Make a dataset, or give it another recipe; releases that exist stay as they are."""
    fields = {"title": title, "description": description, "recipe": checked_recipe(recipe)}
    return Dataset.objects.update_or_create(organisation=organisation, name=name, defaults=fields)[0]


@transaction.atomic
def request_release(
    *,
    dataset: Dataset,
    requested_by: str,
    version: str | None = None,
    notes: str = "",
    request_id: uuid.UUID | None = None,
) -> Job:
    """Queue a build; the same ``request_id`` again finds the same job."""
    return request_job(
        kind=KIND,
        key=f"{KIND}:{dataset.pk}:{request_id or uuid.uuid4()}",
        scope=f"dataset:{dataset.name}",
        organisation_id=dataset.organisation_id,
        requested_by=requested_by,
        payload={"dataset": dataset.pk, "version": version, "notes": notes},
    )


@transaction.atomic
def request_check(*, dataset: Dataset, requested_by: str, request_id: uuid.UUID) -> Job:
    """Queue a dry run; the same ``request_id`` again finds the same job."""
    return request_job(
        kind=CHECK,
        key=f"{CHECK}:{dataset.pk}:{request_id}",
        scope=f"dataset:{dataset.name}",
        organisation_id=dataset.organisation_id,
        requested_by=requested_by,
        payload={"dataset": dataset.pk},
    )


def last_check(dataset: Dataset) -> Job | None:
    """The newest dry run that was asked for."""
    asked = Job.objects.filter(kind=CHECK, organisation=dataset.organisation_id, payload__dataset=dataset.pk)
    return asked.order_by("-created_at").first()
