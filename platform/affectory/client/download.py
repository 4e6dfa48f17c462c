"""Files of a release into the cache: in parallel, resumed, and never taken in without their SHA-256."""

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedRandom
from pathlib import Path
from typing import Any

import httpx

from affectory.client.cache import Cache, taken
from affectory.client.errors import MismatchError, NetworkError
from affectory.client.server import Server
from affectory.release.manifest import FileRecord

JOBS = 8
_FRUITLESS_TRIES = 4
_FIRST_PAUSE_S = 0.1

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Source:
    """Where the files of one release come from."""

    server: Server
    name: str
    version: str


def fetch(
    source: Source,
    files: Iterable[FileRecord],
    cache: Cache,
    *,
    jobs: int = JOBS,
    progress: Progress | None = None,
) -> None:
    """Bring `files` into the cache; those that are there already are not asked for."""
    wanted = {file.sha256: file for file in files if not cache.has(file.sha256, file.bytes)}
    stopped = threading.Event()

    def advance(count: int) -> None:
        if stopped.is_set():
            raise _StoppedError
        if progress is not None:
            progress(count)

    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        running = [pool.submit(_fetch_one, source, file, cache, advance) for file in wanted.values()]
        try:
            done, _ = wait(running, return_when=FIRST_EXCEPTION)
            for future in done:
                future.result()
        finally:
            # After an error or Ctrl-C the others end at their next piece and keep what they have.
            stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)


class _StoppedError(Exception):
    """Another download failed, or the person at the keyboard has had enough."""


def _fetch_one(source: Source, file: FileRecord, cache: Cache, advance: Progress) -> None:
    """Try until the file is here: a broken transfer goes on where it broke, wrong bytes begin once more."""
    fruitless, wrong = 0, 0
    with _partial(cache, file) as (partial, stream):
        while True:
            before = stream.seek(0, os.SEEK_END)
            try:
                _receive(source, file, stream, advance)
            except NetworkError:
                fruitless = 0 if stream.seek(0, os.SEEK_END) > before else fruitless + 1
                if fruitless == _FRUITLESS_TRIES:
                    raise
                time.sleep(_FIRST_PAUSE_S * 2**fruitless)
                continue
            found = _sha256(stream)
            if found == file.sha256:
                cache.adopt(partial, file.sha256)
                return
            advance(-stream.seek(0, os.SEEK_END))
            stream.truncate(0)
            wrong += 1
            if wrong == 2:
                raise _wrong_bytes(source, file, found)


def _wrong_bytes(source: Source, file: FileRecord, found: str) -> MismatchError:
    return MismatchError(
        f"{source.name}@{source.version}: {file.path} arrived with SHA-256 {found}, "
        f"and the manifest says {file.sha256}",
        "nothing was kept; if it happens again, tell the people who run the server",
    )


@contextmanager
def _partial(cache: Cache, file: FileRecord) -> Iterator[tuple[Path, BufferedRandom]]:
    """Open the partial file for this process alone; a second process that wants the same gets its own."""
    path = cache.partial_path(file.sha256)
    with path.open("a+b") as shared:
        # The one who had it before may have moved the file away while we opened it.
        if taken(shared) and path.exists() and os.path.samestat(os.fstat(shared.fileno()), path.stat()):
            yield path, shared
            return
    own = path.with_name(f"{path.name}.{os.getpid()}")
    with own.open("w+b") as stream:
        taken(stream)
        try:
            yield own, stream
        finally:
            own.unlink(missing_ok=True)


def _receive(source: Source, file: FileRecord, stream: BufferedRandom, advance: Progress) -> None:
    """Append what is missing of `file` to `stream`."""
    have = stream.seek(0, os.SEEK_END)
    if have >= file.bytes:
        return
    # No If-Range: object stores have other ETags, and the SHA-256 of the whole is checked anyway.
    headers = {"Range": f"bytes={have}-"} if have else {}
    with source.server.stream(source.name, source.version, file.path, headers=headers) as response:
        if not _continues_at(response, have):
            advance(-have)
            stream.truncate(0)
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise NetworkError(f"{file.path}: the server does not hold the range that is missing")
        for chunk in response.iter_bytes():
            stream.write(chunk)
            advance(len(chunk))
            if stream.tell() > file.bytes:
                break  # more than promised: the digest will not fit, and the disk is not for it
        stream.flush()
    if stream.tell() < file.bytes:
        raise NetworkError(f"{file.path}: the transfer ended early")


def _continues_at(response: Any, have: int) -> bool:
    if response.status_code != httpx.codes.PARTIAL_CONTENT:
        return have == 0
    return bool(response.headers.get("Content-Range", "").startswith(f"bytes {have}-"))


def _sha256(stream: BufferedRandom) -> str:
    stream.seek(0)
    return hashlib.file_digest(stream, "sha256").hexdigest()
