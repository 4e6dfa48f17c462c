"""Drafts: kept when all of a release is stored, and made the newest release while nothing has come in between.

Every build ends in a draft. Publishing it is a second transaction, of the same job or of a researcher, so a build that
was killed between the two is not repeated.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from affectory.errors import Conflict
from affectory.release.manifest import MANIFEST_NAME, Manifest
from annotation.facade import withdrawn_raters
from audit.facade import record
from exports.models import (
    Dataset,
    Draft,
    DraftPlace,
    Release,
    ReleaseFile,
    ReleaseState,
    SplitAssignment,
)
from exports.services.discarding import lock_dataset
from exports.services.erasure import newest_erasure
from exports.services.splitting import Splits
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
    """A finished release folder, before it is kept."""

    manifest: Manifest
    splits: Splits
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
    _note_places(draft, written.splits)
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
    _settle(row)
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


def _note_places(draft: Draft, splits: Splits) -> None:
    """Keep where every scheme places what it had not placed before: a row for each item and key value."""
    columns = 'draft_id, scheme, "group", role'
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {_table(DraftPlace)} ({columns}) FROM STDIN") as copy,
    ):
        for scheme, group, role in _newly_settled(splits):
            copy.write_row((draft.pk, scheme, group, role))


def _newly_settled(splits: Splits) -> Iterator[tuple[str, str, str]]:
    return ((one.name, group, role) for one in splits.placed for group, role in one.newly_settled())


def _settle(release: Release) -> None:
    """Make the places of a draft those of the dataset; in the database, for they may be very many."""
    columns = 'scheme, "group", role'
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_table(SplitAssignment)} (dataset_id, assigned_in, {columns}) "  # noqa: S608  # our own names
            f"SELECT %s, %s, {columns} FROM {_table(DraftPlace)} WHERE draft_id = %s",
            [release.dataset_id, release.version, release.pk],
        )


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001  # its public name
