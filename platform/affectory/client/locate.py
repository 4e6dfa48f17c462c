"""Where the files of a release are on this machine: in a folder, or in the cache.

Files are brought into the cache when they are first touched, in parallel and verified.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from affectory.client.cache import Cache
from affectory.client.download import Source, fetch
from affectory.client.errors import NotFoundError
from affectory.client.server import Server
from affectory.client.settings import Settings
from affectory.release.folder import open_manifest
from affectory.release.manifest import MANIFEST_NAME, FileRecord, Manifest

Locate = Callable[[Sequence[FileRecord]], list[Path]]


def manifest_in(folder: Path) -> Manifest:
    """Read the manifest of a release folder."""
    if not (folder / MANIFEST_NAME).is_file():
        raise NotFoundError(
            f"{folder} is not a release: it has no {MANIFEST_NAME}",
            "make one with: affectory pull NAME -o DIR",
        )
    return open_manifest(folder)


@dataclass(frozen=True)
class InFolder:
    """Finds the files of a release in a folder."""

    folder: Path

    def __call__(self, files: Sequence[FileRecord]) -> list[Path]:
        paths = [self.folder / file.path for file in files]
        missing = [path for path in paths if not path.is_file()]
        if missing:
            raise NotFoundError(
                f"{missing[0]} is not here; the folder holds a part of the release",
                "pull the rest with: affectory pull",
            )
        return paths


@dataclass(frozen=True)
class InCache:
    """Finds the files of a release in the cache, and fetches those that are missing.

    `reporter` is told how many bytes will come, and answers with a function that is told each piece.
    """

    settings: Settings
    name: str
    version: str
    reporter: Callable[[int], Callable[[int], None]] | None = None

    def __call__(self, files: Sequence[FileRecord]) -> list[Path]:
        cache = Cache(self.settings.cache)
        missing = [file for file in files if not cache.has(file.sha256, file.bytes)]
        if missing:
            total = sum(file.bytes for file in missing)
            progress = self.reporter(total) if self.reporter else None
            with Server(self.settings) as server:
                fetch(Source(server, self.name, self.version), missing, cache, progress=progress)
        return [cache.object_path(file.sha256) for file in files]
