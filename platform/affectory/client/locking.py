"""Pin releases in dataset.lock, and make the cache hold what is pinned."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from affectory.client.cache import Cache
from affectory.client.download import JOBS, Source
from affectory.client.errors import MismatchError
from affectory.client.pull import Reporter, Selection, bring, media_of
from affectory.client.resolve import (
    Ref,
    Resolved,
    cached_manifest,
    fetch_manifest,
    fetch_signature,
    resolve,
)
from affectory.client.server import Server
from affectory.client.settings import Settings, settings_for
from affectory.release.folder import Contents
from affectory.release.lock import LockedDataset
from affectory.release.manifest import FileRecord, Manifest
from affectory.release.signing import check_signed
from affectory.release.verify import Verification, verify_files, verify_rows


@dataclass(frozen=True)
class Synced:
    """What bringing one pinned release into the cache did."""

    name: str
    version: str
    files: int
    downloaded_bytes: int


def lock_of(
    server: str, wanted: str, resolved: Resolved, selection: Selection, *, public_key: str | None = None
) -> LockedDataset:
    """Return the lock entry of a resolved release.

    A bare name may move within its MAJOR version, one named by digest not at all. Whether `public_key` has signed the
    release is checked where the entry is used.
    """
    manifest = resolved.manifest
    selection.check(manifest)
    if wanted.startswith("sha256:"):
        wanted = manifest.version
    return LockedDataset(
        name=manifest.name,
        server=server,
        wanted=wanted or f"^{manifest.version.split('.')[0]}",
        version=manifest.version,
        digest=manifest.digest,
        manifest_sha256=resolved.manifest_sha256,
        table_digests={table.name: table.digest for table in manifest.tables},
        split=selection.split,
        tables=selection.tables,
        media=selection.media,
        where=selection.where,
        public_key=public_key,
    )


def selection_of(locked: LockedDataset) -> Selection:
    return Selection(locked.tables, locked.split, locked.media, locked.where)


def locked_manifest(locked: LockedDataset, settings: Settings) -> Manifest:
    """Return the pinned manifest and check it: from the cache without a network, else from the server."""
    cache = Cache(settings.cache)
    if cache.has(locked.manifest_sha256):
        manifest = cached_manifest(cache, locked.manifest_sha256)
    else:
        with Server(settings) as server:
            manifest = fetch_manifest(server, cache, locked.name, locked.version, locked.manifest_sha256)
    _check(locked, manifest)
    if locked.public_key is not None:
        content = cache.object_path(locked.manifest_sha256).read_bytes()
        check_signed(content, _signature(locked, settings), locked.public_key, what=manifest.ref)
    return manifest


def _signature(locked: LockedDataset, settings: Settings) -> bytes | None:
    cache = Cache(settings.cache)
    cached = cache.signature(locked.manifest_sha256)
    if cached is not None:
        return cached
    with Server(settings) as server:
        return fetch_signature(server, cache, locked.name, locked.version, locked.manifest_sha256)


def sync(locked: LockedDataset, *, jobs: int = JOBS, reporter: Reporter | None = None) -> Synced:
    """Bring the pinned part of a release into the cache. Works without a network when it is all there."""
    settings = settings_for(locked.server)
    cache = Cache(settings.cache)
    manifest = locked_manifest(locked, settings)
    selection = selection_of(locked)
    files = selection.tabular(manifest)
    with Server(settings) as server:  # connects when the first file is asked for
        source = Source(server, manifest.name, manifest.version)
        downloaded = bring(source, files, cache, jobs, reporter)
        if selection.media != "none":
            media = media_of(manifest, cache.locate, selection)
            downloaded += bring(source, media, cache, jobs, reporter)
            files = [*files, *media]
    return Synced(locked.name, locked.version, len(files), downloaded)


def verify(
    locked: LockedDataset, *, deep: bool = False, checked: Callable[[int], None] | None = None
) -> Verification:
    """Compare what the cache holds of a pinned release with its digests, media too; `deep`: also the rows."""
    settings = settings_for(locked.server)
    cache = Cache(settings.cache)
    manifest = locked_manifest(locked, settings)
    selection = selection_of(locked)
    files = selection.tabular(manifest)
    found = verify_files(files, cache.locate, checked=checked)
    if selection.media != "none" and not found.problems:  # whose media these are is said by the tables
        media = media_of(manifest, cache.locate, selection)
        of_media = verify_files(media, cache.locate, checked=checked)
        found = Verification(found.files + of_media.files, found.bytes + of_media.bytes, 0, of_media.problems)
    return _deeper(found, manifest, files, cache) if deep and not found.problems else found


def _deeper(found: Verification, manifest: Manifest, files: list[FileRecord], cache: Cache) -> Verification:
    """Check the rows, in a folder of links for as long."""
    with tempfile.TemporaryDirectory(prefix="affectory-verify-") as scratch:
        for file in files:
            path = Path(scratch) / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(cache.locate(file).resolve())
        return verify_rows(found, Contents(Path(scratch), manifest.tables, tuple(files)), files)


def newest(locked: LockedDataset) -> LockedDataset:
    """Return the entry of the newest release within the wanted range."""
    settings = settings_for(locked.server)
    with Server(settings) as server:
        resolved = resolve(server, Cache(settings.cache), Ref.parse(f"{locked.name}@{locked.wanted}"))
    return lock_of(locked.server, locked.wanted, resolved, selection_of(locked), public_key=locked.public_key)


def _check(locked: LockedDataset, manifest: Manifest) -> None:
    tables = {table.name: table.digest for table in manifest.tables}
    if (manifest.name, manifest.version) != (locked.name, locked.version):
        raise MismatchError(f"the lock pins {locked.name}@{locked.version} to the manifest of {manifest.ref}")
    if manifest.digest != locked.digest or tables != dict(locked.table_digests):
        raise MismatchError(
            f"{manifest.ref} has other value digests than the lock",
            "somebody edited dataset.lock by hand? Pin it again with: affectory add",
        )
