"""A release, or a part of it, in memory: pandas, Arrow, NumPy views of traces.

Files are brought into the cache when they are first touched, in parallel and verified.
"""

import json
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, overload

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from affectory.client.cache import Cache
from affectory.client.download import Source, fetch
from affectory.client.errors import NotFoundError, UsageError
from affectory.client.locking import locked_manifest
from affectory.client.pull import Selection
from affectory.client.resolve import Ref, resolve
from affectory.client.server import Server
from affectory.client.settings import Settings, current_settings, settings_for
from affectory.release.folder import SCHEMES_NAME, open_manifest, read_files
from affectory.release.lock import LockedDataset, read_lock
from affectory.release.manifest import MANIFEST_NAME, WHOLE, FileRecord, Manifest

_NOT_DIMENSIONS = frozenset({"mask", "n"})
_FACTS = ("item_id", "question", "rater_id", "take", "method", "rate_hz", "t0_s")


@dataclass(frozen=True)
class Trace:
    """One continuous series at a fixed rate.

    `series` maps each dimension to its samples, shape (samples,), float32, in the units of the scale; NaN
    where there is no valid sample. `mask` is True where the sample is valid. `rater_id` and `take` are None
    for gold traces, `method` is None for those of raters. The arrays are views into one buffer: copy before
    changing.
    """

    item_id: str
    question: str
    rater_id: str | None
    take: int | None
    method: str | None
    rate_hz: float
    t0_s: float
    series: Mapping[str, npt.NDArray[Any]]
    mask: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.mask)

    def __getattr__(self, name: str) -> npt.NDArray[Any]:
        if name.startswith("__") or name == "series":
            raise AttributeError(
                name
            )  # asked for while the object is copied or unpickled, still without series
        try:
            return self.series[name]
        except KeyError:
            known = ", ".join(self.series)
            raise AttributeError(f"this trace has no {name!r}; it has {known}") from None

    @property
    def times_s(self) -> npt.NDArray[np.float64]:
        """Media time of each sample, shape (samples,), seconds."""
        return self.t0_s + np.arange(len(self)) / self.rate_hz

    def values(self, dimensions: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the samples of several dimensions, shape (samples, dimensions)."""
        return np.column_stack([self.series[name] for name in dimensions])


class Traces(Sequence[Trace]):
    """Traces in the order of the table: `[number]`, `["item"]` for an item that has one, or `.of(item)`."""

    def __init__(self, traces: Sequence[Trace]) -> None:
        self._traces = traces
        self._by_item: dict[str, list[Trace]] = {}
        for trace in traces:
            self._by_item.setdefault(trace.item_id, []).append(trace)

    def __len__(self) -> int:
        return len(self._traces)

    def __iter__(self) -> Iterator[Trace]:
        return iter(self._traces)

    @overload
    def __getitem__(self, key: int | str) -> Trace: ...
    @overload
    def __getitem__(self, key: slice) -> "Traces": ...
    def __getitem__(self, key: int | str | slice) -> "Trace | Traces":
        if isinstance(key, slice):
            return Traces(self._traces[key])
        if isinstance(key, int):
            return self._traces[key]
        found = self.of(key)
        if len(found) != 1:
            raise LookupError(
                f"item {key!r} has {len(found)} traces here; use .of({key!r}), or choose a question"
            )
        return found[0]

    @property
    def items(self) -> list[str]:
        return list(self._by_item)

    def of(self, item_id: str) -> list[Trace]:
        """Return all traces of an item, an empty list when it has none."""
        return self._by_item.get(item_id, [])


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
    """Finds the files of a release in the cache, and fetches those that are missing."""

    settings: Settings
    name: str
    version: str

    def __call__(self, files: Sequence[FileRecord]) -> list[Path]:
        cache = Cache(self.settings.cache)
        missing = [file for file in files if not cache.has(file.sha256, file.bytes)]
        if missing:
            with Server(self.settings) as server:
                fetch(Source(server, self.name, self.version), missing, cache)
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
    ) -> None:
        Selection(tables=(table,), split=split).check(manifest)
        self.manifest = manifest
        self.split = split
        self._locate = locate
        self._table = table
        self._columns = list(columns) if columns is not None else None

    def __repr__(self) -> str:
        part = f", split={self.split!r}" if self.split else ""
        return f"<Dataset {self.name}@{self.version}{part}, table={self._table!r}, {len(self):,} rows>"

    def __len__(self) -> int:
        parts = {part.name: part.rows for part in self.manifest.table(self._table).parts}
        if self.split is None:
            return sum(parts.values())
        return parts[self.split] if self.split in parts and WHOLE not in parts else self.arrow.num_rows

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

    def table(self, name: str, *, columns: Sequence[str] | None = None) -> pa.Table:
        """Return any table of the release as Arrow, with the rows of the chosen split."""
        record = self.manifest.table(name)
        unknown = [column for column in columns or () if column not in record.kinds]
        if unknown:
            raise UsageError(
                f"table {name!r} has no column {unknown[0]!r}", f"it has: {', '.join(record.kinds)}"
            )
        paths = self._locate(self.manifest.table_files(name, self.split))
        chosen = list(columns) if columns is not None else None
        whole = self.split is not None and any(part.name == WHOLE for part in record.parts)
        if not whole or "item_id" not in record.kinds:
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
                table = table.filter(pa.compute.equal(table.column(column), value))
        # Filtering copies all samples, so it is done only where there is something to leave out.
        if not gold and not excluded and table.column("excluded").null_count < table.num_rows:
            table = table.filter(pa.compute.is_null(table.column("excluded")))
        return Traces(list(_traces(table.combine_chunks())))

    @cached_property
    def schemes(self) -> Mapping[str, Any]:
        """Taxonomies, scales and mappings of the release."""
        files = [file for file in self.manifest.files if file.path == SCHEMES_NAME]
        schemes: Mapping[str, Any] = json.loads(self._locate(files)[0].read_bytes())
        return schemes

    def media_path(self, item_id: str) -> Path:
        """Return where the media file of an item is on this machine."""
        files = self._media.get(item_id)
        if files is None:
            raise NotFoundError(f"{self.manifest.ref} holds no media file of item {item_id!r}")
        return self._locate([files])[0]

    @cached_property
    def _media(self) -> dict[str, FileRecord]:
        by_path = {file.path: file for file in self.manifest.media}
        rows = self.table("items", columns=["item_id", "media_path"]).to_pylist()
        return {row["item_id"]: by_path[row["media_path"]] for row in rows if row["media_path"] in by_path}

    @cached_property
    def _item_ids(self) -> pa.Array:
        return self.table("items", columns=["item_id"]).column("item_id").combine_chunks()


def load(
    ref: str | Path | None = None,
    *,
    split: str | None = None,
    table: str = "items",
    columns: Sequence[str] | None = None,
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
    server : str, optional
        Address of the server; else as `affectory.client.settings` says.
    lock : str or Path, optional
        A dataset.lock: load exactly the release that is pinned there, without a network when the cache has
        it.
    allow_withdrawn : bool
        Load the cached copy of a release that was withdrawn.

    Returns
    -------
    Dataset
    """
    if lock is not None:
        return _load_locked(read_lock(Path(lock)).only(str(ref) if ref else None), split, table, columns)
    if ref is None:
        raise UsageError(
            "what should be loaded?", 'write affectory.load("name@^1") or affectory.load(lock="dataset.lock")'
        )
    folder = Path(ref)
    if isinstance(ref, Path) or (folder / MANIFEST_NAME).is_file():
        return Dataset(open_manifest(folder), InFolder(folder), split=split, table=table, columns=columns)
    settings = current_settings(server)
    with Server(settings) as connection:
        resolved = resolve(
            connection, Cache(settings.cache), Ref.parse(str(ref)), allow_withdrawn=allow_withdrawn
        )
    if resolved.warning:
        warnings.warn(resolved.warning, stacklevel=2)
    manifest = resolved.manifest
    locate = InCache(settings, manifest.name, manifest.version)
    return Dataset(manifest, locate, split=split, table=table, columns=columns)


def _load_locked(
    locked: LockedDataset, split: str | None, table: str, columns: Sequence[str] | None
) -> Dataset:
    settings = settings_for(locked.server)
    manifest = locked_manifest(locked, settings)
    locate = InCache(settings, manifest.name, manifest.version)
    return Dataset(manifest, locate, split=split or locked.split, table=table, columns=columns)


def _traces(table: pa.Table) -> Iterator[Trace]:
    """Cut the list columns of a table into one NumPy view per row."""
    if not table.num_rows:
        return
    lists = {
        name: _views(table.column(name))
        for name in table.column_names
        if pa.types.is_list(table.schema.field(name).type)
    }
    facts = table.select([name for name in _FACTS if name in table.column_names]).to_pylist()
    for at, row in enumerate(facts):
        series = {name: views[at] for name, views in lists.items() if name not in _NOT_DIMENSIONS}
        yield Trace(
            item_id=row["item_id"],
            question=row["question"],
            rater_id=row.get("rater_id"),
            take=row.get("take"),
            method=row.get("method"),
            rate_hz=row["rate_hz"],
            t0_s=row["t0_s"],
            series=series,
            mask=lists["mask"][at] if "mask" in lists else _valid(series),
        )


def _valid(series: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.bool_]:
    dimensions = [values for name, values in series.items() if not name.endswith("_sd")]
    valid: npt.NDArray[np.bool_] = np.logical_and.reduce([~np.isnan(values) for values in dimensions])
    return valid


def _views(column: pa.ChunkedArray) -> list[npt.NDArray[Any]]:
    array = column.combine_chunks()
    array = array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
    members = array.flatten().to_numpy(zero_copy_only=False)
    lengths = pa.compute.fill_null(pa.compute.list_value_length(array), 0).to_numpy()
    ends = np.concatenate([[0], np.cumsum(lengths)]).tolist()
    return [members[begin:end] for begin, end in pairwise(ends)]
