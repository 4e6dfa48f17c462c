"""What differs between two releases of a dataset, from their stored tables."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from affectory.release.difference import Difference, compare
from affectory.release.folder import SCHEMES_NAME, open_contents
from affectory.release.manifest import MANIFEST_NAME, Manifest
from exports.models import Release, ReleaseState
from exports.services.holdings import manifest_of
from exports.services.states import in_use
from storage.facade import copy_to

# Compressed bytes of the tables that differ, of both releases: about a second of work within a request.
COMPARED_AT_MOST = 32 * 1024 * 1024


@dataclass(frozen=True)
class Compared:
    """``difference`` is None where the tables are too large for a request; ``reason`` then says what to do."""

    old: Release
    new: Release
    difference: Difference | None
    tables_that_differ: tuple[str, ...]
    reason: str | None = None

    def as_dict(self) -> dict[str, Any]:
        told = self.difference.to_dict() if self.difference else None
        return {
            "old": self.old.version,
            "new": self.new.version,
            "tables_that_differ": list(self.tables_that_differ),
            "difference": told,
            "reason": self.reason,
        }


def compare_releases(*, old: Release, new: Release) -> Compared:
    """Compare two releases that are served, or one with a draft. Tables of one value digest are not read."""
    before, after = manifest_of(in_use(old)), manifest_of(in_use(new))
    differing = _differing(before, after)
    size = sum(
        file.bytes for manifest in (before, after) for file in manifest.files if file.table in differing
    )
    if size > COMPARED_AT_MOST:
        reason = f"The tables that differ hold {size:,} bytes; a page compares up to {COMPARED_AT_MOST:,}."
        if new.state != ReleaseState.DRAFT:
            name = old.dataset.name
            reason += f" `affectory diff {name}@{old.version} {name}@{new.version}` compares any size."
        return Compared(old, new, None, differing, reason)
    base = settings.DATA_FOLDER / "building"
    base.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=base, prefix="difference-") as scratch:
        folders = [Path(scratch) / side for side in ("old", "new")]
        for release, folder in zip((old, new), folders, strict=True):
            _restore(release, folder, differing)
        contents = [open_contents(folder) for folder in folders]
        return Compared(old, new, compare(*contents), differing)


def _differing(old: Manifest, new: Manifest) -> tuple[str, ...]:
    digests = [{table.name: table.digest for table in manifest.tables} for manifest in (old, new)]
    shared = digests[0].keys() & digests[1].keys()
    return tuple(sorted(name for name in shared if digests[0][name] != digests[1][name]))


def _restore(release: Release, folder: Path, tables: tuple[str, ...]) -> None:
    """As much of a release as a comparison of these tables opens."""
    wanted = {MANIFEST_NAME, SCHEMES_NAME}
    wanted |= {file.path for file in manifest_of(release).files if file.table in tables}
    for file in release.files.filter(path__in=wanted):
        target = folder / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        copy_to(file.sha256, target)
