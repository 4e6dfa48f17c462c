"""What the cache holds, and deleting from it."""

from collections.abc import Iterator
from dataclasses import dataclass

from affectory.client.cache import Cache, server_folder
from affectory.client.errors import NotFoundError, UsageError, WithdrawnError
from affectory.client.resolve import cached_manifest
from affectory.client.server import Server


@dataclass(frozen=True)
class HeldRelease:
    """A release that was fetched at some time; `held_bytes` of its files are in the cache now."""

    server: str
    name: str
    version: str
    manifest_sha256: str
    held_bytes: int


def held_releases(cache: Cache) -> list[HeldRelease]:
    return [
        HeldRelease(server, name, version, sha256, sum(_sizes(cache, sha256)))
        for server, name, version, sha256 in cache.remembered_releases()
    ]


def remove(cache: Cache, name: str, version: str) -> int:
    """Delete a release from the cache, from whatever server; return the bytes that this freed."""
    if not version:
        raise UsageError("which release should go?", "see affectory cache ls, and name one: NAME@VERSION")
    found = [held for held in cache.remembered_releases() if held[1:3] == (name, version)]
    if not found:
        raise NotFoundError(f"{name}@{version} is not in the cache", "see: affectory cache ls")
    return sum(_forget(cache, *held) for held in found)


def prune(cache: Cache) -> int:
    """Delete objects that belong to no remembered release, and interrupted downloads."""
    used = {sha256 for *_, manifest in cache.remembered_releases() for sha256 in _objects(cache, manifest)}
    cache.clear_partial()
    return sum(cache.remove(path.name) for path in list(cache.objects()) if path.name not in used)


def purge_withdrawn(server: Server, cache: Cache) -> list[tuple[str, str, int]]:
    """Ask the server about each release in the cache and delete the withdrawn ones."""
    purged = []
    for held in list(cache.remembered_releases()):
        folder, name, version, _ = held
        if folder == server_folder(server.url) and _is_withdrawn(server, name, version):
            purged.append((name, version, _forget(cache, *held)))
    return purged


def _is_withdrawn(server: Server, name: str, version: str) -> bool:
    try:
        return server.release(name, version).state == "withdrawn"
    except WithdrawnError:
        return True
    except NotFoundError:
        return False  # the whole dataset may be private now; that is no order to delete


def _forget(cache: Cache, server: str, name: str, version: str, manifest_sha256: str) -> int:
    """Delete the objects of a release that no other one shares."""
    own = set(_objects(cache, manifest_sha256))
    others = [held for held in cache.remembered_releases() if held[:3] != (server, name, version)]
    shared = {sha256 for *_, manifest in others for sha256 in _objects(cache, manifest)}
    cache.forget(server, name, version)
    return sum(cache.remove(sha256) for sha256 in sorted(own - shared))


def _objects(cache: Cache, manifest_sha256: str) -> Iterator[str]:
    if cache.has(manifest_sha256):
        yield manifest_sha256
        yield from (file.sha256 for file in cached_manifest(cache, manifest_sha256).files)


def _sizes(cache: Cache, manifest_sha256: str) -> Iterator[int]:
    for sha256 in set(_objects(cache, manifest_sha256)):
        path = cache.object_path(sha256)
        if path.is_file():
            yield path.stat().st_size
