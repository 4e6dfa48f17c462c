"""dataset.lock: which releases a model repository was written against, by version and by digest.

The file is TOML, made by `affectory add` and `affectory update` and committed. It holds digests and no
secrets, so a server cannot change data silently and the same commit always trains on the same values.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from affectory.release.errors import LockError
from affectory.release.manifest import check_name
from affectory.release.signing import check_public_key
from affectory.release.versions import Version, VersionRange

LOCK_NAME = "dataset.lock"
_FORMAT = 1
_HEADER = "# Made by `affectory add` and `affectory update`. Commit it; change it with those commands.\n"


@dataclass(frozen=True)
class LockedDataset:
    """One pinned release, and which part of it is used. No tables means all of them.

    With a `public_key` (`ed25519:...`) only a manifest that this key has signed is taken.
    """

    name: str
    server: str
    wanted: str
    version: str
    digest: str
    manifest_sha256: str
    table_digests: Mapping[str, str]
    split: str | None = None
    tables: tuple[str, ...] = ()
    media: str = "none"
    where: tuple[str, ...] = ()
    public_key: str | None = None

    @property
    def satisfies_wanted(self) -> bool:
        return self.version in VersionRange.parse(self.wanted)


@dataclass(frozen=True)
class Lock:
    datasets: Mapping[str, LockedDataset] = field(default_factory=dict)

    def only(self, name: str | None = None) -> LockedDataset:
        """Return the dataset `name`, or without one the only dataset of the lock."""
        if name is None and len(self.datasets) == 1:
            return next(iter(self.datasets.values()))
        if name is None or name not in self.datasets:
            there = ", ".join(self.datasets) or "nothing"
            raise LockError(
                f"the lock holds {there}; " + (f"{name} is not there" if name else "say which one")
            )
        return self.datasets[name]

    def with_dataset(self, dataset: LockedDataset) -> "Lock":
        return Lock({**self.datasets, dataset.name: dataset})


def read_lock(path: Path) -> Lock:
    """Read a lock file."""
    try:
        raw = tomllib.loads(path.read_text())
    except FileNotFoundError as error:
        raise LockError(f"there is no {path}; make it with: affectory add NAME@^1") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LockError(f"{path} is not TOML: {error}") from error
    if raw.get("format") != _FORMAT:
        raise LockError(f"{path} has format {raw.get('format')!r} and this program reads {_FORMAT}")
    datasets = raw.get("datasets", {})
    return Lock({name: _dataset(path, name, entry) for name, entry in datasets.items()})


def lock_text(lock: Lock) -> str:
    """Return the lock file's text; the same lock is the same text."""
    lines = [_HEADER + f"format = {_FORMAT}"]
    for name, dataset in sorted(lock.datasets.items()):
        lines += ["", f"[datasets.{_toml(name)}]"]
        lines += [f"{key} = {_toml(value)}" for key, value in _simple(dataset).items()]
        lines += ["", f"[datasets.{_toml(name)}.table_digests]"]
        lines += [f"{table} = {_toml(digest)}" for table, digest in sorted(dataset.table_digests.items())]
    return "\n".join(lines) + "\n"


def write_lock(path: Path, lock: Lock) -> None:
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(lock_text(lock))
    partial.replace(path)


def _simple(dataset: LockedDataset) -> dict[str, Any]:
    return {
        "server": dataset.server,
        "wanted": dataset.wanted,
        "version": dataset.version,
        "digest": dataset.digest,
        "manifest_sha256": dataset.manifest_sha256,
        **({"split": dataset.split} if dataset.split else {}),
        **({"tables": list(dataset.tables)} if dataset.tables else {}),
        "media": dataset.media,
        **({"where": list(dataset.where)} if dataset.where else {}),
        **({"public_key": dataset.public_key} if dataset.public_key else {}),
    }


def _toml(value: str | list[str]) -> str:
    """Return a TOML value: JSON strings and lists of them are the same in TOML, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _dataset(path: Path, name: str, raw: Mapping[str, Any]) -> LockedDataset:
    try:
        lists = {key: tuple(raw.get(key, ())) for key in ("tables", "where")}
        dataset = LockedDataset(**{**raw, "name": check_name(name), **lists})
    except TypeError as error:
        raise LockError(f"{path}: dataset {name!r}: {error}") from error
    Version.parse(dataset.version)
    VersionRange.parse(dataset.wanted)
    if dataset.public_key is not None:
        check_public_key(dataset.public_key)
    return dataset
