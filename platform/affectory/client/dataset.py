"""A release, or a part of it, in memory: pandas, Arrow, NumPy views of traces.

Files are brought into the cache when they are first touched, in parallel and verified.
"""

import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from affectory.client.cache import Cache
from affectory.client.conditions import fitting_ids
from affectory.client.download import Source, fetch
from affectory.client.errors import NotFoundError, UsageError
from affectory.client.extras import extra
from affectory.client.locking import locked_manifest, selection_of
from affectory.client.pull import Selection, read_selection
from affectory.client.resolve import Ref, resolve
from affectory.client.server import Server
from affectory.client.settings import Settings, current_settings, settings_for
from affectory.client.standing import standing
from affectory.client.traces import Traces, cut_traces
from affectory.release.folder import SCHEMES_NAME, open_manifest, read_files
from affectory.release.lock import LockedDataset, read_lock
from affectory.release.manifest import MANIFEST_NAME, WHOLE, FileRecord, Manifest

if TYPE_CHECKING:
    from affectory.client.torch_data import ItemTargets

Locate = Callable[[Sequence[FileRecord]], list[Path]]


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


class Dataset:
    """A release, seen through one split and one table (both can be chosen again in most calls)."""

    def __init__(
        self,
        manifest: Manifest,
        locate: Locate,
        *,
        split: str | None = None,
        table: str = "items",
        columns: Sequence[str] | None = None,
        where: Sequence[str] = (),
    ) -> None:
        selection = Selection(tables=(table,), split=split, where=tuple(where))
        selection.check(manifest)
        self.manifest = manifest
        self.where = tuple(where)
        self._conditions = selection.conditions(manifest)
        self.split = split
        self._locate = locate
        self._table = table
        self._columns = list(columns) if columns is not None else None

    def __repr__(self) -> str:
        part = f", split={self.split!r}" if self.split else ""
        return f"<Dataset {self.name}@{self.version}{part}, table={self._table!r}, {len(self):,} rows>"

    def __len__(self) -> int:
        parts = {part.name: part.rows for part in self.manifest.table(self._table).parts}
        if self._conditions or (self.split is not None and WHOLE in parts):
            return int(self.arrow.num_rows)
        return sum(parts.values()) if self.split is None else parts[self.split]

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def version(self) -> str:
        return self.manifest.version

    @property
    def digest(self) -> str:
        """The identity of the values of the whole release."""
        return self.manifest.digest

    @cached_property
    def arrow(self) -> pa.Table:
        """The chosen table as Arrow."""
        return self.table(self._table, columns=self._columns)

    def to_pandas(self) -> pd.DataFrame:
        """Return the chosen table as a data frame."""
        return self.arrow.to_pandas()

    def to_polars(self) -> Any:
        """Return the chosen table as a polars DataFrame (needs polars)."""
        return extra("polars").from_arrow(self.arrow)

    def to_hf(self) -> Any:
        """Return the chosen table as a Hugging Face Dataset (needs datasets)."""
        datasets = extra("datasets")
        return datasets.Dataset(datasets.table.InMemoryTable(self.arrow))

    def to_torch(self, target: Sequence[str]) -> "ItemTargets":
        """Return a dataset for torch over the chosen table: pairs of a row and its `target` as float32.

        List columns, such as votes, give as many numbers as they have members. Rows without a value in one of
        `target` are left out; `.dropped` says how many.
        """
        from affectory.client.torch_data import ItemTargets  # noqa: PLC0415  # torch is an extra

        return ItemTargets(self.arrow, tuple(target))

    def table(self, name: str, *, columns: Sequence[str] | None = None) -> pa.Table:
        """Return any table of the release as Arrow, with the rows of the chosen split and items."""
        record = self.manifest.table(name)
        unknown = [column for column in columns or () if column not in record.kinds]
        if unknown:
            raise UsageError(
                f"table {name!r} has no column {unknown[0]!r}", f"it has: {', '.join(record.kinds)}"
            )
        paths = self._locate(self.manifest.table_files(name, self.split))
        chosen = list(columns) if columns is not None else None
        whole = self.split is not None and any(part.name == WHOLE for part in record.parts)
        if "item_id" not in record.kinds or not (whole or self._conditions):
            return read_files(paths, columns=chosen)
        asked = chosen if chosen is None or "item_id" in chosen else [*chosen, "item_id"]
        found = read_files(paths, columns=asked, item_ids=self._item_ids)
        return found if chosen is None else found.select(chosen)

    def annotations(
        self,
        *,
        question: str | None = None,
        perspective: str | None = None,
        excluded: bool = False,
        simulated: bool = True,
    ) -> pd.DataFrame:
        """Return the answers of each rater, one row per item, rater, question and dimension.

        Answers that the quality policy left out are left out here too, unless `excluded` is true; their
        reason is in the column `excluded`. Answers of programs (column `simulated`) can be left out.
        """
        rows = self.table("annotations").to_pandas()
        keep = pd.Series(data=True, index=rows.index)
        if not excluded:
            keep &= rows["excluded"].isna()
        if not simulated:
            keep &= ~rows["simulated"].astype(bool)
        for column, wanted in {"question": question, "perspective": perspective}.items():
            if wanted is not None:
                keep &= rows[column] == wanted
        return rows[keep].reset_index(drop=True)

    def traces(
        self,
        *,
        gold: bool = False,
        question: str | None = None,
        method: str | None = None,
        excluded: bool = False,
    ) -> Traces:
        """Return the traces of each rater, or with `gold` the fused ones, as NumPy views."""
        table = self.table("gold_traces" if gold else "traces")
        wanted = {"question": question, "method": method}
        for column, value in wanted.items():
            if value is not None:
                if column not in table.column_names:
                    raise UsageError(
                        f"traces of raters have no {column}", "ask for fused ones with: gold=True"
                    )
                table = table.filter(pc.equal(table.column(column), value))
        # Filtering copies all samples, so it is done only where there is something to leave out.
        if not gold and not excluded and table.column("excluded").null_count < table.num_rows:
            table = table.filter(pc.is_null(table.column("excluded")))
        return Traces(list(cut_traces(table.combine_chunks())))

    @cached_property
    def schemes(self) -> Mapping[str, Any]:
        """Taxonomies, scales and mappings of the release."""
        files = [file for file in self.manifest.files if file.path == SCHEMES_NAME]
        schemes: Mapping[str, Any] = json.loads(self._locate(files)[0].read_bytes())
        return schemes

    def media_path(self, item_id: str, *, original: bool = False) -> Path:
        """Return where a media file of an item is on this machine: see `media_files`."""
        file = self.media_files(original=original).get(item_id)
        if file is None:
            raise NotFoundError(f"{self.manifest.ref} holds no media file of item {item_id!r}")
        return self._locate([file])[0]

    def media_paths(self, items: Sequence[str] | None = None, *, original: bool = False) -> dict[str, Path]:
        """Return where the media files of items (all of the split) are on this machine, by item_id."""
        files = self.media_files(original=original)
        if items is not None:
            files = {item_id: files[item_id] for item_id in items}
        return dict(zip(files, self._locate(list(files.values())), strict=True))

    def media_files(self, *, original: bool = False) -> dict[str, FileRecord]:
        """Return what the release holds of each item of the split: what raters saw or heard, else the original.

        With `original` the file that was taken in, which only a release with media `full` has.
        """
        if original and self.manifest.media_policy != "full":
            raise NotFoundError(
                f"{self.manifest.ref} holds media {self.manifest.media_policy!r}, no originals"
            )
        chosen = ("original_path", "media_path") if original else ("media_path", "original_path")
        return {
            item_id: self._by_path[path]
            for item_id, paths in self._paths.items()
            if (path := next((paths[column] for column in chosen if paths.get(column)), None))
            in self._by_path
        }

    @cached_property
    def _by_path(self) -> dict[str | None, FileRecord]:
        return {file.path: file for file in self.manifest.media}

    @cached_property
    def _paths(self) -> dict[str, dict[str, str | None]]:
        kinds = self.manifest.table("items").kinds
        columns = [name for name in ("item_id", "media_path", "original_path") if name in kinds]
        return {row["item_id"]: row for row in self.table("items", columns=columns).to_pylist()}

    @cached_property
    def _item_ids(self) -> pa.Array:
        columns = ["item_id", *(condition.column for condition in self._conditions)]
        files = self._locate(self.manifest.table_files("items", self.split))
        return fitting_ids(read_files(files, columns=list(dict.fromkeys(columns))), self._conditions)


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
    manifest = open_manifest(folder)
    return view.of(manifest, InFolder(folder), read_selection(folder, manifest))


def _load_locked(locked: LockedDataset, view: _View) -> Dataset:
    settings = settings_for(locked.server)
    manifest = locked_manifest(locked, settings)
    return view.of(manifest, InCache(settings, manifest.name, manifest.version), selection_of(locked))
