"""`affectory.load`: from a name, a lock or a folder to a `Dataset`."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from affectory.client.cache import Cache
from affectory.client.dataset import Dataset
from affectory.client.errors import UsageError
from affectory.client.locate import InCache, InFolder, Locate, manifest_in
from affectory.client.locking import locked_manifest, selection_of
from affectory.client.pull import Selection, read_selection
from affectory.client.resolve import Ref, resolve
from affectory.client.server import Server
from affectory.client.settings import current_settings, settings_for
from affectory.client.standing import standing
from affectory.release.lock import LockedDataset, read_lock
from affectory.release.manifest import MANIFEST_NAME, Manifest


def load(
    ref: str | Path | None = None,
    *,
    split: str | None = None,
    table: str = "items",
    columns: Sequence[str] | None = None,
    where: Sequence[str] = (),
    server: str | None = None,
    lock: str | Path | None = None,
    allow_withdrawn: bool = False,
) -> Dataset:
    """Load a release from a server (`"name@1.0.0"`, `"name@^1"`), the cache, or a release folder.

    Parameters
    ----------
    ref : str or Path, optional
        What to load: a reference, or the path of a folder that holds a manifest.json. With `lock`, the name
        of a dataset in it; not needed when it holds one.
    split : str, optional
        `train`, `validation` or `test`; without it all rows.
    table : str
        The table that `.arrow` and `.to_pandas()` give.
    columns : sequence of str, optional
        The columns that they hold; without it all.
    where : sequence of str
        Conditions on items, such as `["kind=video", "va_valence>=0.2"]`; rows of other items are left out.
        A folder or a lock that was made with such conditions brings its own.
    server : str, optional
        Address of the server; else as `affectory.client.settings` says.
    lock : str or Path, optional
        A dataset.lock: load exactly the release that is pinned there, without a network when the cache has
        it. The server is asked whether the release still stands, where it can be.
    allow_withdrawn : bool
        Load the cached copy of a release that was withdrawn. A folder is loaded as it lies: `affectory verify` asks.

    Returns
    -------
    Dataset
    """
    if lock is not None:
        locked = read_lock(Path(lock)).only(str(ref) if ref else None)
        _tell(standing(locked.server, locked.name, locked.version, allow_withdrawn=allow_withdrawn))
        return _load_locked(locked, _View(split, table, columns, where))
    if ref is None:
        raise UsageError(
            "what should be loaded?", 'write affectory.load("name@^1") or affectory.load(lock="dataset.lock")'
        )
    folder = Path(ref)
    if isinstance(ref, Path) or (folder / MANIFEST_NAME).is_file():
        return _load_folder(folder, _View(split, table, columns, where))
    settings = current_settings(server)
    with Server(settings) as connection:
        resolved = resolve(
            connection, Cache(settings.cache), Ref.parse(str(ref)), allow_withdrawn=allow_withdrawn
        )
    _tell(resolved.warning)
    manifest = resolved.manifest
    locate = InCache(settings, manifest.name, manifest.version)
    return _View(split, table, columns, where).of(manifest, locate, Selection())


@dataclass(frozen=True)
class _View:
    """What a caller of `load` wants to see of what is there."""

    split: str | None
    table: str
    columns: Sequence[str] | None
    where: Sequence[str]

    def of(self, manifest: Manifest, locate: Locate, held: Selection) -> Dataset:
        return Dataset(
            manifest,
            locate,
            split=self.split or held.split,
            table=self.table,
            columns=self.columns,
            where=[*held.where, *self.where],
        )


def _tell(warning: str | None) -> None:
    """Warn once of the same thing, however many splits are loaded: Python shows a text once for the line it is from."""
    if warning is not None:
        warnings.warn(warning, stacklevel=1)


def _load_folder(folder: Path, view: _View) -> Dataset:
    manifest = manifest_in(folder)
    return view.of(manifest, InFolder(folder), read_selection(folder, manifest))


def _load_locked(locked: LockedDataset, view: _View) -> Dataset:
    settings = settings_for(locked.server)
    manifest = locked_manifest(locked, settings)
    return view.of(manifest, InCache(settings, manifest.name, manifest.version), selection_of(locked))
