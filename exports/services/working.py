"""The folder that a job works in, and what an attempt has left there that was killed, or found the store away.

Once all of a release is written, a note says so beside it. The next attempt on the same machine goes on from there,
if what the release was built upon still stands, and has only to store the files.
"""

import json
import re
import shutil
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from affectory import __version__
from affectory.errors import Unavailable
from affectory.release.folder import open_manifest
from affectory.release.manifest import MANIFEST_NAME, sha256_hex
from affectory.release.verify import verify_files
from exports.models import Dataset
from exports.services.drafts import Standing, Written
from jobs.facade import Job, JobState, Running

NOTE = "written.json"
# Whatever else lies in the folder is nobody's here.
_JOB = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=-)")


@contextmanager
def working_folder(running: Running) -> Iterator[Path]:
    """A folder of this attempt; what killed attempts have left is removed."""
    remove_leftovers(running)
    with _folder(running) as folder:
        yield folder / "release"


@contextmanager
def resumed_folder(running: Running) -> Iterator[Path]:
    """The same with the release that an earlier attempt had written, where there is one; see `left_in`."""
    with _folder(running, left_for_another=True) as folder:
        note = next(_base().glob(f"{running.row.pk}-*/{NOTE}"), None)
        if note is not None:
            # Taken away from a worker that may still be alive but has lost the job.
            note.parent.replace(folder)
        remove_leftovers(running, but=folder)
        yield folder / "release"


def note_down(folder: Path, dataset: Dataset, standing: Standing, written: Written) -> None:
    """Say that all of the release in ``folder`` is written, and upon what."""
    told = {
        "basis": _basis(dataset, standing),
        "manifest": sha256_hex((folder / MANIFEST_NAME).read_bytes()),
        "summary": written.summary,
        "corpora": written.corpora,
        "places": {scheme: b64encode(places).decode() for scheme, places in written.places.items()},
    }
    unfinished = folder.parent / f"{NOTE}.part"
    unfinished.write_text(json.dumps(told, cls=DjangoJSONEncoder), encoding="utf-8")
    unfinished.replace(folder.parent / NOTE)


def left_in(folder: Path, dataset: Dataset, standing: Standing) -> Written | None:
    """The release that was written there before. Where it no longer stands or is damaged, it is removed: None."""
    note = folder.parent / NOTE
    if not note.exists():
        return None
    told = json.loads(note.read_text(encoding="utf-8"))
    note.unlink()
    if told["basis"] == _basis(dataset, standing) and _is_whole(folder, told["manifest"]):
        places = {scheme: b64decode(held) for scheme, held in told["places"].items()}
        return Written(open_manifest(folder), places, told["summary"], told["corpora"])
    shutil.rmtree(folder)
    return None


def _is_whole(folder: Path, manifest_sha256: str) -> bool:
    """Whether manifest and files are what was written; media are in the store, and not looked at."""
    manifest = folder / MANIFEST_NAME
    if not manifest.exists() or sha256_hex(manifest.read_bytes()) != manifest_sha256:
        return False
    own = [file for file in open_manifest(folder).files if not file.path.startswith("media/")]
    return not verify_files(own, lambda file: folder / file.path).problems


def remove_leftovers(running: Running, *, but: Path | None = None) -> None:
    """Remove what this job, and jobs that have ended, left on this machine."""
    named = ((path, _JOB.match(path.name)) for path in _base().iterdir() if path != but)
    left = {path: found[0] for path, found in named if found}
    ended = Job.objects.filter(pk__in=set(left.values()), state__in=(JobState.SUCCEEDED, JobState.FAILED))
    over = {str(running.row.pk), *map(str, ended.values_list("pk", flat=True))}
    for path, job in left.items():
        if job in over:
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _folder(running: Running, *, left_for_another: bool = False) -> Iterator[Path]:
    """A new folder, removed at the end, unless another attempt shall find it when the store answers again."""
    folder = Path(tempfile.mkdtemp(dir=_base(), prefix=f"{running.row.pk}-"))
    left = False
    try:
        yield folder
    except Unavailable:
        left = left_for_another and not running.is_last
        raise
    finally:
        if not left:
            shutil.rmtree(folder, ignore_errors=True)


def _base() -> Path:
    """Where each folder is a job's, and named ``<id of the job>-<anything>``."""
    base: Path = settings.DATA_FOLDER / "building"
    base.mkdir(parents=True, exist_ok=True)
    return base


def _basis(dataset: Dataset, standing: Standing) -> dict[str, Any]:
    """All that decides what is written, beside what is read: as JSON gives it back."""
    basis = {
        "recipe": dataset.recipe,
        "parent": standing.parent.pk if standing.parent else None,
        "erasure": standing.erasure,
        "withdrawn": standing.withdrawn,
        "code_version": __version__,
    }
    told: dict[str, Any] = json.loads(json.dumps(basis, cls=DjangoJSONEncoder))
    return told
