"""The files of a release on their way into the store, so that none stays there without a release, and back."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from django.db.models import QuerySet

from affectory.errors import Conflict
from affectory.release.manifest import FileRecord
from exports.models import Dataset, ReleaseFile
from exports.services.discarding import request_deletion
from jobs.facade import Job, Running
from storage.facade import StoredObject, copy_to, hash_file, named, put, size_of

# Longer than the pauses between a job's attempts, so that a repeat finds what is stored already.
LEFT_FOR_S = 60 * 60


def expect_leftovers(
    files: Sequence[FileRecord], beside: Sequence[str], *, folder: Path, dataset: Dataset, running: Running
) -> Job:
    """Queue, before anything is stored, the deletion of what nothing will refer to: whoever keeps the release ends it.

    A worker that is killed, and a store that goes away in between, cannot ask for that any more.
    """
    own = [file.sha256 for file in files if not _is_medium(file)]
    own += [hash_file(folder / name).sha256 for name in beside]
    with running.commit():
        return request_deletion(
            dataset=dataset,
            digests=own,
            requested_by=f"job:{running.row.pk}",
            name=f"{running.row.pk}:{own[-1]}",  # the same files, where an attempt before had written them
            delay_s=LEFT_FOR_S,
        )


def store_files(
    files: Sequence[FileRecord], beside: Sequence[str], *, folder: Path
) -> Mapping[str, StoredObject]:
    """All files of a release by path; those `beside` the manifest's list last, the manifest among them."""
    stored = {file.path: _stored(file, folder) for file in files}
    return stored | {name: _put(name, folder) for name in beside}


def _stored(file: FileRecord, folder: Path) -> StoredObject:
    """Media are referred to, and stay where they are in the store; one that is not there is an error."""
    if not _is_medium(file):
        return _put(file.path, folder)
    with named(file.path):
        size = size_of(file.sha256)
    if size != file.bytes:
        raise Conflict(f"{file.path}: the store holds other bytes than were taken in.", code="media_damaged")
    return StoredObject(file.sha256, size)


def _put(path: str, folder: Path) -> StoredObject:
    with named(path):
        return put(folder / path)


def restore_files(files: QuerySet[ReleaseFile], folder: Path) -> None:
    """Fetch files of a release to where they were written."""
    for file in files.select_related("release__dataset"):
        target = folder / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with named(f"{file.release.dataset.name} {file.release.version}: {file.path}"):
            copy_to(file.sha256, target)


def _is_medium(file: FileRecord) -> bool:
    return file.path.startswith("media/")
