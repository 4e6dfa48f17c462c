"""A release, or a part of it, as a folder of hard links into the cache."""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from affectory.client.cache import Cache
from affectory.client.conditions import Condition, fitting_ids
from affectory.client.download import JOBS, Progress, Source, fetch
from affectory.client.errors import UsageError
from affectory.client.resolve import Resolved
from affectory.release.manifest import (
    MANIFEST_NAME,
    SPLITS,
    SUMS_NAME,
    FileRecord,
    Manifest,
    canonical_json,
    sums_text,
)
from affectory.release.signing import SIGNATURE_NAME, check_signed

#: What of the media can be asked for, each with all that stands before it: what raters saw, and the originals.
MEDIA = ("none", "proxy", "full")
# Says which part of a release a folder was asked to hold, so that `verify` does not miss the rest, and from where.
SELECTION_NAME = ".affectory.json"


@dataclass(frozen=True)
class Selection:
    """Which part of a release is wanted. No tables or no split means all of them.

    `where` are conditions on items, such as `kind=video`; all must hold. Tables come whole, so that their
    digests can be checked; only the media of other items stay away, and `affectory.load` hides their rows.
    """

    tables: tuple[str, ...] = ()
    split: str | None = None
    media: str = "none"
    where: tuple[str, ...] = ()

    def check(self, manifest: Manifest) -> None:
        tables = [table.name for table in manifest.tables]
        for table in self.tables:
            if table not in tables:
                raise UsageError(f"{manifest.ref} has no table {table!r}", f"it has: {', '.join(tables)}")
        self.conditions(manifest)
        known = {part.name for part in manifest.table("items").parts}
        if self.split is not None and self.split not in known:
            there = ", ".join([*(part for part in SPLITS if part in known), *sorted(known - set(SPLITS))])
            raise UsageError(f"{manifest.ref} has no split {self.split!r}", f"it has: {there}")
        held = MEDIA[: MEDIA.index(manifest.media_policy) + 1]
        if self.media not in held:
            raise UsageError(
                f"{manifest.ref} holds media {manifest.media_policy!r}, not {self.media!r}",
                f"leave --media away or write: --media {manifest.media_policy}",
            )

    def of_all_items(self, manifest: Manifest) -> bool:
        """Whether every media file of the release is wanted."""
        return self.split is None and not self.where and self.media == manifest.media_policy

    def conditions(self, manifest: Manifest) -> list[Condition]:
        kinds = manifest.table("items").kinds
        return [Condition.parse(text, kinds) for text in self.where]

    def tabular(self, manifest: Manifest) -> list[FileRecord]:
        """Return the documents and the Parquet files of this selection."""
        wanted = self.tables or tuple(table.name for table in manifest.tables)
        narrower = self.media != "none" and not self.of_all_items(manifest)
        if self.split or self.where or narrower:  # which rows and media belong to them is said by the items
            wanted = tuple(dict.fromkeys(("items", *wanted)))
        documents = [file for file in manifest.files if file.table is None and file not in manifest.media]
        return documents + [file for table in wanted for file in manifest.table_files(table, self.split)]


@dataclass(frozen=True)
class Pulled:
    """What a pull did."""

    name: str
    version: str
    digest: str
    folder: str
    files: int
    bytes: int
    downloaded_bytes: int


Reporter = Callable[[int], Progress]


def pull(
    source: Source,
    resolved: Resolved,
    cache: Cache,
    *,
    folder: Path | None = None,
    selection: Selection | None = None,
    jobs: int = JOBS,
    reporter: Reporter | None = None,
    public_key: str | None = None,
) -> Pulled:
    """Bring the selected part of a release into `folder` (default `<name>-<version>` here).

    The manifest is put there last, so a folder with one is complete. `reporter` is told how many bytes will
    come and answers with a function that is told each piece. With a `public_key` nothing is fetched that it has not
    signed.
    """
    manifest = resolved.manifest
    if public_key is not None:
        content = cache.object_path(resolved.manifest_sha256).read_bytes()
        check_signed(content, resolved.signature, public_key, what=manifest.ref)
    chosen = selection or Selection()
    chosen.check(manifest)
    target = folder or Path(f"{manifest.name}-{manifest.version}")
    _check_target(target, resolved)
    files = chosen.tabular(manifest)
    downloaded = bring(source, files, cache, jobs, reporter)
    if chosen.media != "none":
        media = media_of(manifest, cache.locate, chosen)
        downloaded += bring(source, media, cache, jobs, reporter)
        files = [*files, *media]
    _lay_out(target, files, resolved, cache, {**asdict(chosen), "server": source.server.url})
    return Pulled(
        name=manifest.name,
        version=manifest.version,
        digest=manifest.digest,
        folder=str(target),
        files=len(files),
        bytes=sum(file.bytes for file in files),
        downloaded_bytes=downloaded,
    )


def media_of(manifest: Manifest, locate: Callable[[FileRecord], Path], chosen: Selection) -> list[FileRecord]:
    """Return the media files of the chosen items. The items table must be there."""
    if chosen.of_all_items(manifest):
        return list(manifest.media)
    import pyarrow.compute as pc  # noqa: PLC0415  # pyarrow only where it is needed

    from affectory.client.media import Role, paths_of  # noqa: PLC0415
    from affectory.release.folder import read_files  # noqa: PLC0415

    items = read_files([locate(file) for file in manifest.table_files("items", chosen.split)])
    ids = fitting_ids(items, chosen.conditions(manifest))
    rows = items.filter(pc.is_in(items.column("item_id"), ids))
    roles: tuple[Role, ...] = ("media", "original") if chosen.media == "full" else ("media",)
    wanted = {path for role in roles for _, path in paths_of(rows, role)}
    return [file for file in manifest.media if file.path in wanted]


def bring(
    source: Source, files: Iterable[FileRecord], cache: Cache, jobs: int, reporter: Reporter | None
) -> int:
    """Bring files into the cache; return how many bytes were missing."""
    missing = {file.sha256: file for file in files if not cache.has(file.sha256, file.bytes)}
    total = sum(file.bytes for file in missing.values())
    if missing:
        fetch(source, missing.values(), cache, jobs=jobs, progress=reporter(total) if reporter else None)
    return total


def _check_target(target: Path, resolved: Resolved) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise UsageError(f"{target} is not a folder", "choose another place with: -o DIR")
    held = target / MANIFEST_NAME
    ours = held.is_file() or (target / SELECTION_NAME).is_file()
    if any(target.iterdir()) and not ours:
        raise UsageError(f"{target} holds something else", "choose another place with: -o DIR")
    if held.is_file() and Manifest.from_json(held.read_bytes()).digest != resolved.manifest.digest:
        raise UsageError(
            f"{target} holds another release", "choose another place with: -o DIR, or delete that folder"
        )


def _lay_out(
    target: Path, files: list[FileRecord], resolved: Resolved, cache: Cache, asked: Mapping[str, Any]
) -> None:
    target.mkdir(parents=True, exist_ok=True)
    (target / SELECTION_NAME).write_bytes(canonical_json(asked))
    for file in files:
        _place(cache.object_path(file.sha256), target / file.path)
    _write(target / SUMS_NAME, sums_text(resolved.manifest, resolved.manifest_sha256).encode())
    if resolved.signature is not None:
        _write(target / SIGNATURE_NAME, resolved.signature)
    _place(cache.object_path(resolved.manifest_sha256), target / MANIFEST_NAME)


def _place(object_path: Path, path: Path) -> None:
    """Make `path` the cached object: a hard link, or a copy on another file system."""
    if path.exists() and path.samefile(object_path):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        os.link(object_path, partial)
    except OSError:
        shutil.copyfile(object_path, partial)
    partial.replace(path)


def _write(path: Path, content: bytes) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_bytes(content)
    partial.replace(path)


def selected_files(folder: Path, manifest: Manifest) -> list[FileRecord]:
    """Return the files that a release folder is meant to hold."""
    selection = read_selection(folder, manifest)
    files = selection.tabular(manifest)
    if selection.media == "none":
        return files
    return [*files, *media_of(manifest, lambda file: folder / file.path, selection)]


def read_selection(folder: Path, manifest: Manifest) -> Selection:
    """Return what a folder was asked to hold; a folder that was not pulled holds everything."""
    path = folder / SELECTION_NAME
    if not path.is_file():
        return Selection(media=manifest.media_policy)
    raw = json.loads(path.read_bytes())
    return Selection(tuple(raw["tables"]), raw["split"], raw["media"], tuple(raw.get("where", ())))


def origin_of(folder: Path) -> str | None:
    """Return the server that a folder was pulled from; None: it was copied from elsewhere, or by an older client."""
    path = folder / SELECTION_NAME
    return json.loads(path.read_bytes()).get("server") if path.is_file() else None
