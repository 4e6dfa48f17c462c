"""Making datasets, and asking for releases of them."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.facade import Organisation
from affectory.errors import Conflict, Invalid, NotFound
from affectory.release.manifest import canonical_json, sha256_hex
from annotation.facade import ExportedStudy
from audit.facade import record
from exports.models import Dataset
from exports.recipe import checked_recipe, quality_rules
from ingest.facade import Collection
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
def create_dataset(
    *,
    organisation: Organisation,
    actor: str,
    name: str,
    title: str,
    description: str,
    recipe: dict[str, Any],
) -> Dataset:
    """Make a dataset of a collection and studies that exist; a name is given once."""
    made, created = Dataset.objects.get_or_create(
        organisation=organisation,
        name=name,
        defaults={
            "title": title,
            "description": description,
            "recipe": _usable_recipe(organisation.pk, recipe),
        },
    )
    if not created:
        raise Conflict(f"There is a dataset {name!r} already.", code="dataset_exists")
    record(actor=actor, action="created", subject=f"dataset:{name}", recipe=made.recipe)
    return made


@transaction.atomic
def change_dataset(
    *, dataset: Dataset, actor: str, title: str, description: str, recipe: dict[str, Any]
) -> Dataset:
    """Give a dataset another recipe; releases that exist stay as they are."""
    before = dataset.recipe
    dataset.title, dataset.description = title, description
    dataset.recipe = _usable_recipe(dataset.organisation_id, recipe)
    dataset.save(update_fields=["title", "description", "recipe"])
    record(
        actor=actor, action="changed", subject=f"dataset:{dataset.name}", before=before, recipe=dataset.recipe
    )
    return dataset


def _usable_recipe(organisation_id: int, recipe: dict[str, Any]) -> dict[str, Any]:
    """The checked recipe, if what it names is there."""
    checked = checked_recipe(recipe)
    lines = []
    if not Collection.objects.filter(organisation=organisation_id, name=checked["collection"]).exists():
        lines.append(f"collection: There is no collection {checked['collection']!r}.")
    asked: set[str] = set()
    for slug in checked["studies"]:
        try:
            asked |= set(ExportedStudy(organisation_id=organisation_id, slug=slug).questions)
        except NotFound as error:
            lines.append(f"studies: {error.message}")
    lines += [
        f"quality.exclude[{at}].question: no study of this dataset asks {rule['question']!r}."
        for at, rule in enumerate(quality_rules(checked))
        if rule.get("question", "") not in {"", *asked}
    ]
    if lines:
        raise Invalid(
            "The recipe is not right: " + " ".join(lines), code="invalid_recipe", details={"errors": lines}
        )
    return checked


@transaction.atomic
def request_release(
    *,
    dataset: Dataset,
    requested_by: str,
    version: str | None = None,
    notes: str = "",
    draft: bool = False,
    request_id: uuid.UUID | None = None,
) -> Job:
    """Queue a build; the same ``request_id`` again finds the same job. A draft is not published with it.

    A build that failed is tried again when it is asked for again.
    """
    return request_job(
        kind=KIND,
        key=f"{KIND}:{dataset.pk}:{request_id or uuid.uuid4()}",
        scope=f"dataset:{dataset.name}",
        organisation_id=dataset.organisation_id,
        requested_by=requested_by,
        payload={"dataset": dataset.pk, "version": version, "notes": notes, "draft": draft},
        retry_failed=True,
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


def recipe_digest(dataset: Dataset) -> str:
    return "sha256:" + sha256_hex(canonical_json(dataset.recipe))


def outdated_check(dataset: Dataset, found: Mapping[str, Any]) -> str | None:
    """Why what a dry run has found may hold no more; None: nothing that is known speaks against it."""
    newest = dataset.releases.newest()
    if newest and newest.version != found["parent"]:
        return f"{newest.version} was published since."
    if found.get("recipe_digest", recipe_digest(dataset)) != recipe_digest(dataset):
        return "The recipe was changed since."
    return None


def last_check(dataset: Dataset) -> Job | None:
    """The newest dry run that was asked for."""
    asked = Job.objects.filter(kind=CHECK, organisation=dataset.organisation_id, payload__dataset=dataset.pk)
    return asked.order_by("-created_at").first()
