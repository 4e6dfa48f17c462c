"""Drafts: kept when all of a release is stored, and made the newest release while nothing has come in between.

Every build ends in a draft. Publishing it is a second transaction, of the same job or of a researcher, so a build that
was killed between the two is not repeated.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from affectory.errors import Conflict
from affectory.release.manifest import MANIFEST_NAME, Manifest
from annotation.facade import withdrawn_raters
from audit.facade import record
from exports.models import (
    Dataset,
    Draft,
    Release,
    ReleaseFile,
    ReleaseState,
)
from exports.services.discarding import lock_dataset
from exports.services.erasure import newest_erasure
from exports.services.ledger import keep_places, settle
from jobs.facade import Job
from storage.facade import StoredObject
from webhooks.facade import Event, announce


class Outdated(Conflict):
    """Something came in between that the draft should have known of; it has to be built again."""

    code = "draft_outdated"


@dataclass(frozen=True)
class Standing:
    """What a release is built upon at one moment. ``withdrawn``: study -> raters who left and are still stored."""

    parent: Release | None
    erasure: datetime | None
    withdrawn: Mapping[str, int]

    def withdrawn_from(self, recipe: Mapping[str, Any]) -> int:
        return sum(self.withdrawn.get(study, 0) for study in recipe["studies"])


@dataclass(frozen=True)
class Written:
    """A finished release folder, before it is kept. ``places``: what each split scheme settles anew, packed."""

    manifest: Manifest
    places: Mapping[str, bytes]
    summary: dict[str, Any]
    corpora: list[int]


def standing_of(dataset: Dataset) -> Standing:
    left = withdrawn_raters(dataset.organisation_id)
    return Standing(
        parent=dataset.releases.newest(),
        erasure=newest_erasure(dataset.organisation_id),
        withdrawn=Counter(one.study for one in left),
    )


def outdated(draft: Draft, now: Standing) -> str | None:
    """Why a draft cannot be published any more; None: it can."""
    newest = now.parent
    if newest and newest.pk != draft.parent_id:  # releases are never deleted
        return f"{newest.version} was published since this draft was built. Build it again."
    if now.erasure != draft.erasure:
        return "A person was erased since this draft was built. Build it again."
    if now.withdrawn_from(draft.recipe) != draft.withdrawn:
        return "A rater has withdrawn since this draft was built. Build it again."
    return None


def refuse_outdated(draft: Draft, dataset: Dataset) -> None:
    reason = outdated(draft, standing_of(dataset))
    if reason:
        raise Outdated(reason)


def recipe_changed(release: Release) -> bool:
    """Whether the dataset has another recipe by now than the one that the draft was built from."""
    return bool(release.draft.recipe != release.dataset.recipe)


@transaction.atomic
def keep_draft(
    *,
    dataset: Dataset,
    standing: Standing,
    written: Written,
    stored: Mapping[str, StoredObject],
    job: Job,
) -> Release:
    """Make the row of a release whose files are stored. Raises Outdated where it was overtaken while it was built."""
    manifest = written.manifest
    lock_dataset(dataset.pk)
    draft = Draft(
        parent=standing.parent,
        erasure=standing.erasure,
        withdrawn=standing.withdrawn_from(dataset.recipe),
        recipe=dataset.recipe,
    )
    refuse_outdated(draft, dataset)
    if dataset.releases.published().filter(version=manifest.version).exists():
        raise Conflict(f"{dataset.name} {manifest.version} is published already.", code="version_taken")
    draft.release = Release.objects.create(
        dataset=dataset,
        version=manifest.version,
        state=ReleaseState.DRAFT,
        digest=manifest.digest,
        manifest=json.loads(manifest.to_json()),
        manifest_sha256=stored[MANIFEST_NAME].sha256,
        summary=written.summary,
        job=job.pk,
        created_at=job.created_at,
        corpora=written.corpora,
    )
    draft.save()
    ReleaseFile.objects.bulk_create(
        ReleaseFile(release=draft.release, path=path, sha256=one.sha256, size=one.size)
        for path, one in stored.items()
    )
    keep_places(draft, written.places)
    return draft.release


@transaction.atomic
def publish_draft(*, release: Release, actor: str) -> Release:
    """Make a draft the newest release of its dataset. One that is published already is given back as it is.

    Raises Outdated where another release, an erasure or a withdrawal came in between, or where it was discarded.
    """
    lock_dataset(release.dataset_id)
    row = Release.objects.select_related("dataset", "draft").filter(pk=release.pk).first()
    if row is None:
        raise Outdated("This draft was discarded. Build it again.")
    if row.state != ReleaseState.DRAFT:
        return row
    refuse_outdated(row.draft, row.dataset)
    settle(row)
    record(
        actor=actor, action="published", subject=f"release:{row.dataset.name}@{row.version}",
        digest=row.digest, recipe_changed_since=recipe_changed(row),
    )  # fmt: skip
    row.state, row.published_at = ReleaseState.PUBLISHED, timezone.now()
    row.save(update_fields=["state", "published_at"])
    Draft.objects.filter(release=row).delete()
    announce(
        organisation_id=row.dataset.organisation_id,
        event=Event.RELEASE_PUBLISHED,
        event_id=str(row.pk),
        told={"dataset": row.dataset.name, "version": row.version, "digest": row.digest},
    )
    return row
