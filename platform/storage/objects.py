"""Objects addressed by the SHA-256 of their bytes: a local folder, or any S3 endpoint.

An object is written under a temporary name and moved into place, so a half-written one is never seen, and putting the
same bytes twice is harmless.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connection

from affectory.errors import NotFound, Unavailable
from storage.addresses import PIECE_BYTES, StoredObject, check_unchanged, hash_file, object_key
from storage.bucket import S3Store, s3_client

_DELETION_LOCK = 7_230_114  # a number that nothing else locks


class ObjectStore(Protocol):
    def put(self, path: Path, stored: StoredObject) -> None: ...
    def size(self, sha256: str) -> int: ...
    def read(self, sha256: str, start: int, stop: int) -> Iterator[bytes]: ...
    def local_path(self, sha256: str) -> Path | None: ...
    def link(self, sha256: str, media_type: str, file_name: str, age_s: int) -> str | None: ...
    def delete(self, sha256: str) -> None: ...


class FolderStore:
    """Objects as files ``ab/<sha256>`` below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, path: Path, stored: StoredObject) -> None:
        target = self.folder / object_key(stored.sha256)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix="incoming-")
        try:
            with os.fdopen(handle, "wb") as file, path.open("rb") as source:
                shutil.copyfileobj(source, file, PIECE_BYTES)
                file.flush()
                os.fsync(file.fileno())
            check_unchanged(Path(name), stored)
            Path(name).chmod(0o444)
            Path(name).rename(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def size(self, sha256: str) -> int:
        return self._existing(sha256).stat().st_size

    def read(self, sha256: str, start: int, stop: int) -> Iterator[bytes]:
        with self._existing(sha256).open("rb") as file:
            file.seek(start)
            while start < stop and (piece := file.read(min(PIECE_BYTES, stop - start))):
                start += len(piece)
                yield piece

    def local_path(self, sha256: str) -> Path | None:
        return self._existing(sha256)

    def link(self, sha256: str, media_type: str, file_name: str, age_s: int) -> str | None:  # noqa: ARG002
        return None

    def delete(self, sha256: str) -> None:
        (self.folder / object_key(sha256)).unlink(missing_ok=True)

    def _existing(self, sha256: str) -> Path:
        path = self.folder / object_key(sha256)
        if not path.is_file():
            raise NotFound(f"Object {sha256} is not in the store.")
        return path


@cache
def store() -> ObjectStore:
    """The store that the settings name."""
    if not settings.S3["bucket"]:
        settings.OBJECT_FOLDER.mkdir(parents=True, exist_ok=True)
        return FolderStore(settings.OBJECT_FOLDER)
    public_url = settings.S3["public_url"]
    public = s3_client(public_url) if public_url else None
    return S3Store(s3_client(settings.S3["endpoint_url"]), settings.S3["bucket"], public)


def put(path: Path) -> StoredObject:
    """Keep the bytes of a file; returns their address."""
    stored = hash_file(path)
    store().put(path, stored)
    return stored


def put_bytes(data: bytes) -> StoredObject:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return put(Path(file.name))


def open_pieces(sha256: str) -> Iterator[bytes]:
    """The whole object, in pieces."""
    return store().read(sha256, 0, store().size(sha256))


def size_of(sha256: str) -> int:
    """Bytes of an object, without reading them; raises NotFound where the store does not hold it."""
    return store().size(sha256)


def read_bytes(sha256: str) -> bytes:
    return b"".join(open_pieces(sha256))


@contextmanager
def named(name: str) -> Iterator[None]:
    """What goes wrong with an object inside the block is told with the name that people know it by."""
    try:
        yield
    except (NotFound, Unavailable) as error:
        raise type(error)(f"{name}: {error.message}", code=error.code, details=error.details) from error


@contextmanager
def referring() -> Iterator[None]:
    """Hold back deletions until what was put is referred to by committed rows.

    Bytes that are there already are not stored again; without this, they could be deleted in between.
    """
    with _advisory_lock(shared=True):
        yield


@contextmanager
def deleting() -> Iterator[Callable[[str], None]]:
    """Give a function that deletes an object. Inside the block nobody else begins to refer to one.

    Deleting what is not there is harmless.
    """
    with _advisory_lock(shared=False):
        yield store().delete


@contextmanager
def _advisory_lock(*, shared: bool) -> Iterator[None]:
    """A lock of the database session: it goes with a process that dies."""
    kind = "_shared" if shared else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock{kind}(%s)", [_DELETION_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_unlock{kind}(%s)", [_DELETION_LOCK])


@contextmanager
def as_file(sha256: str) -> Iterator[Path]:
    """A local file with the object's bytes, for as long as the block runs. Never write to it."""
    path = store().local_path(sha256)
    if path is not None:
        yield path
        return
    with tempfile.NamedTemporaryFile() as file:
        for piece in open_pieces(sha256):
            file.write(piece)
        file.flush()
        yield Path(file.name)


def copy_to(sha256: str, target: Path, *, link: bool = True) -> None:
    """Place an object's bytes at ``target``: a hard link where the store is on the same disk, else a copy.

    The file appears under its name only when it is whole.
    """
    incoming: Path = target.with_name(target.name + ".incoming")
    incoming.unlink(missing_ok=True)
    path = store().local_path(sha256)
    if path is not None and link:
        try:
            incoming.hardlink_to(path)
        except OSError:
            shutil.copyfile(path, incoming)
    else:
        _write_pieces(open_pieces(sha256), incoming)
    incoming.rename(target)


def _write_pieces(pieces: Iterator[bytes], target: Path) -> None:
    with target.open("wb") as file:
        for piece in pieces:
            file.write(piece)
