"""Content-addressed objects on disk: each file once, under its SHA-256, complete and verified or not there.

objects/ab/<sha256>                    verified and read-only
partial/<sha256>                       what an interrupted download has so far
signatures/<sha256>                    manifest.sig of the manifest with this SHA-256, where it is signed
releases/<server>/<name>/<version>     the manifest's SHA-256, to work without a network
"""

import hashlib
import importlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from affectory.release.manifest import FileRecord, check_name
from affectory.release.versions import Version

_READ_ONLY = 0o444
# Windows has no flock: there a download does not resume after its process has ended.
_fcntl = importlib.import_module("fcntl") if os.name == "posix" else None


@dataclass(frozen=True)
class Cache:
    root: Path

    def object_path(self, sha256: str) -> Path:
        return self.root / "objects" / sha256[:2] / sha256

    def locate(self, file: FileRecord) -> Path:
        return self.object_path(file.sha256)

    def partial_path(self, sha256: str) -> Path:
        path = self.root / "partial" / sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def has(self, sha256: str, size: int | None = None) -> bool:
        path = self.object_path(sha256)
        return path.is_file() and size in {None, path.stat().st_size}

    def adopt(self, partial: Path, sha256: str) -> Path:
        """Take a verified file in, atomically."""
        path = self.object_path(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.chmod(_READ_ONLY)
        partial.replace(path)
        return path

    def put(self, content: bytes) -> Path:
        """Take in a small object from memory."""
        sha256 = hashlib.sha256(content).hexdigest()
        if not self.has(sha256, len(content)):
            partial = self.partial_path(f"{sha256}.{os.getpid()}")
            partial.write_bytes(content)
            self.adopt(partial, sha256)
        return self.object_path(sha256)

    def keep_signature(self, manifest_sha256: str, content: bytes) -> None:
        path = self._signature_path(manifest_sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        partial.write_bytes(content)
        partial.replace(path)

    def signature(self, manifest_sha256: str) -> bytes | None:
        path = self._signature_path(manifest_sha256)
        return path.read_bytes() if path.is_file() else None

    def remove(self, sha256: str) -> int:
        """Remove an object, with its signature where it is a manifest; return the bytes that it had."""
        self._signature_path(sha256).unlink(missing_ok=True)
        path = self.object_path(sha256)
        if not path.is_file():
            return 0
        size = path.stat().st_size
        path.unlink()
        return size

    def objects(self) -> Iterator[Path]:
        yield from sorted((self.root / "objects").glob("??/*"))

    def remember(self, server: str, name: str, version: str, manifest_sha256: str) -> None:
        path = self._release_path(server, name, version)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        partial.write_text(manifest_sha256)
        partial.replace(path)

    def remembered(self, server: str, name: str, version: str) -> str | None:
        path = self._release_path(server, name, version)
        return path.read_text().strip() if path.is_file() else None

    def forget(self, folder: str, name: str, version: str) -> None:
        """Forget a release, named as `remembered_releases` gives it."""
        (self.root / "releases" / folder / name / version).unlink(missing_ok=True)

    def remembered_versions(self, server: str, name: str) -> list[str]:
        folder = self._release_path(server, name, "0.0.0").parent
        return [path.name for path in folder.glob("*") if not path.name.startswith(".")]

    def remembered_releases(self) -> Iterator[tuple[str, str, str, str]]:
        """Give (server folder, name, version, manifest SHA-256) of every release that was fetched."""
        for path in sorted((self.root / "releases").glob("*/*/*")):
            if not path.name.startswith("."):
                server, name, version = path.parts[-3:]
                yield server, name, version, path.read_text().strip()

    def clear_partial(self) -> None:
        """Delete what interrupted downloads have left; those that are on their way keep theirs."""
        for path in sorted((self.root / "partial").glob("*")):
            with path.open("a+b") as stream:
                if _fcntl is None or taken(stream):
                    path.unlink(missing_ok=True)

    def _signature_path(self, manifest_sha256: str) -> Path:
        return self.root / "signatures" / manifest_sha256

    def _release_path(self, server: str, name: str, version: str) -> Path:
        return self.root / "releases" / server_folder(server) / check_name(name) / str(Version.parse(version))


def taken(stream: IO[Any]) -> bool:
    """Take an open partial file for this process; False: another one has it, or nobody could be kept from it."""
    if _fcntl is None:
        return False
    try:
        _fcntl.flock(stream, _fcntl.LOCK_EX | _fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def server_folder(server: str) -> str:
    """Return a readable folder name that is different for different servers."""
    readable = re.sub(r"[^a-z0-9.-]+", "_", server.split("://", 1)[-1].lower())
    return f"{readable}-{hashlib.sha256(server.encode()).hexdigest()[:8]}"
