"""Write a view: beside its target first, shown there when all of it is written."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from affectory import __version__
from affectory.client.errors import UsageError
from affectory.release.manifest import check_path
from affectory.release.writer import link_or_copy
from affectory.views.contract import Entry, Options, View, ViewRefusedError
from affectory.views.source import Source
from affectory.views.texts import json_entry

# Says which release a view was made from, and how.
PROVENANCE_NAME = "affectory-view.json"


@dataclass(frozen=True)
class WrittenFile:
    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Rendered:
    """What was written, in the order of the paths."""

    format: str
    release: str
    folder: str
    files: tuple[WrittenFile, ...]


def render(
    view: View,
    source: Source,
    target: Path,
    given: Mapping[str, str] | None = None,
    *,
    written: Callable[[int], None] | None = None,
) -> Rendered:
    """Render a release into the folder `target`, which must not exist or be empty.

    Parameters
    ----------
    view : View
    source : Source
    target : Path
        Appears only when everything is written.
    given : mapping of str to str, optional
        Options of the format; the others keep their defaults.
    written : callable, optional
        Is told the bytes of each file.

    Returns
    -------
    Rendered

    Raises
    ------
    ViewRefusedError
        The release lacks what the format needs, or has more than it can hold.
    UsageError
        An option that the format does not have, or a target that holds something.
    """
    options = view.chosen(given or {})
    _check_target(target)
    source.refuse_unless(view.needs, view.name)
    beside = target.absolute().with_name(f".{target.absolute().name}.{os.getpid()}.writing")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        files = _write(_entries(view, source, options), beside, written)
        beside.replace(target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return Rendered(view.name, source.ref, str(target), tuple(sorted(files, key=lambda file: file.path)))


def _check_target(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(
            f"{target} is there already and not an empty folder", "choose another place with: --to DIR"
        )


def _entries(view: View, source: Source, options: Options) -> Iterator[Entry]:
    empty = True
    for entry in view.render(source, options):
        empty = False
        yield entry
    if empty:
        raise ViewRefusedError(f"{source.ref} holds nothing that {view.name} could show")
    manifest = source.manifest
    made_from = {
        "format": view.name,
        "options": dict(options.values),
        "release": manifest.ref,
        "digest": manifest.digest,
        "split": source.dataset.split,
        "where": list(source.dataset.where),
        "simulated": manifest.simulated,
        "licence": manifest.licence,
        "affectory": __version__,
    }
    yield json_entry(PROVENANCE_NAME, made_from)


def _write(
    entries: Iterator[Entry], folder: Path, written: Callable[[int], None] | None
) -> list[WrittenFile]:
    folder.mkdir(parents=True)
    files: dict[str, WrittenFile] = {}
    for entry in entries:
        key = check_path(entry.path).lower()
        if key in files:
            raise ViewRefusedError(
                f"two files of the view would have one name: {entry.path} and {files[key].path}"
            )
        files[key] = _write_one(entry, folder / entry.path)
        if written:
            written(files[key].bytes)
    return list(files.values())


def _write_one(entry: Entry, path: Path) -> WrittenFile:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(entry.content, Path):
        link_or_copy(entry.content, path)
    else:
        with path.open("wb") as stream:
            for piece in [entry.content] if isinstance(entry.content, bytes) else entry.content:
                stream.write(piece)
    with path.open("rb") as stream:
        return WrittenFile(entry.path, path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest())
