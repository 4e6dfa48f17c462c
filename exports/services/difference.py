"""What differs between two releases of a dataset, from their stored tables: at once, or by a job for large ones."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import transaction

from affectory.errors import NotFound
from affectory.release.difference import Difference, compare
from affectory.release.folder import SCHEMES_NAME, open_contents
from affectory.release.manifest import MANIFEST_NAME, Manifest
from exports.models import Release
from exports.services.holdings import manifest_of
from exports.services.states import in_use
from exports.services.storing import restore_files
from exports.services.working import working_folder
from jobs.facade import Job, JobState, Running, request_job

COMPARE = "exports.compare"
# Compressed bytes of the tables that differ, of both releases: about a second of work within a request.
COMPARED_AT_MOST = 32 * 1024 * 1024


@dataclass(frozen=True)
class Compared:
    """``difference`` is None where the tables are too large for a request and no ``job`` has compared them yet."""

    old: Release
    new: Release
    difference: Mapping[str, Any] | None
    tables_that_differ: tuple[str, ...]
    reason: str | None = None
    job: Job | None = None


def compare_releases(*, old: Release, new: Release) -> Compared:
    """Compare two releases that are served, or one with a draft. Tables of one value digest are not read."""
    before, after = manifest_of(in_use(old)), manifest_of(in_use(new))
    differing = _differing(before, after)
    size = sum(
        file.bytes for manifest in (before, after) for file in manifest.files if file.table in differing
    )
    if size > COMPARED_AT_MOST:
        return _found(old, new, differing, size)
    with tempfile.TemporaryDirectory(prefix="affectory-difference-") as scratch:
        return Compared(old, new, _compared(old, new, Path(scratch)).to_dict(), differing)


@transaction.atomic
def request_comparison(*, old: Release, new: Release, requested_by: str) -> Job:
    """Queue a comparison of tables of any size. Neither of the two changes, so the same two are compared once."""
    dataset = in_use(old).dataset
    return request_job(
        kind=COMPARE,
        key=_key(old, in_use(new)),
        scope=f"dataset:{dataset.name}",
        organisation_id=dataset.organisation_id,
        requested_by=requested_by,
        payload={"old": old.pk, "new": new.pk},
        retry_failed=True,
    )


def compare_large(running: Running) -> dict[str, Any]:
    """The job: a difference as `affectory diff` tells it, without keys of rows, for it outlives an erasure."""
    running.progress(0, 1, "comparing")
    old, new = (_still_there(running.payload[side]) for side in ("old", "new"))
    with working_folder(running) as folder:
        found = _compared(old, new, folder.parent)
    tables = tuple(replace(table, examples=None) for table in found.tables)
    return replace(found, tables=tables).to_dict()


def _still_there(pk: int) -> Release:
    release = Release.objects.select_related("dataset").filter(pk=pk).first()
    if release is None:
        raise NotFound("One of the two was a draft, and has been discarded.")
    return in_use(release)


def _key(old: Release, new: Release) -> str:
    return f"{COMPARE}:{old.pk}:{new.pk}"


def _found(old: Release, new: Release, differing: tuple[str, ...], size: int) -> Compared:
    """What the job has found, or that nobody has asked for it."""
    row = Job.objects.filter(key=_key(old, new)).first()
    if row and row.state == JobState.SUCCEEDED:
        return Compared(old, new, row.result, differing, job=row)
    reason = f"The tables that differ hold {size:,} bytes; what is more than {COMPARED_AT_MOST:,} is compared by a job."
    return Compared(old, new, None, differing, reason, row)


def _compared(old: Release, new: Release, scratch: Path) -> Difference:
    tables = _differing(manifest_of(old), manifest_of(new))
    folders = [scratch / side for side in ("old", "new")]
    for release, folder in zip((old, new), folders, strict=True):
        _restore(release, folder, tables)
    return compare(*(open_contents(folder) for folder in folders))


def _differing(old: Manifest, new: Manifest) -> tuple[str, ...]:
    digests = [{table.name: table.digest for table in manifest.tables} for manifest in (old, new)]
    shared = digests[0].keys() & digests[1].keys()
    return tuple(sorted(name for name in shared if digests[0][name] != digests[1][name]))


def _restore(release: Release, folder: Path, tables: tuple[str, ...]) -> None:
    """As much of a release as a comparison of these tables opens."""
    wanted = {MANIFEST_NAME, SCHEMES_NAME}
    wanted |= {file.path for file in manifest_of(release).files if file.table in tables}
    restore_files(release.files.filter(path__in=wanted), folder)
