"""The tables of an audformat database and its header."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from affectory.views.source import Source

GOLD_TABLE = "gold_standard"
_SPLIT_TYPES = {"train": "train", "validation": "dev", "test": "test"}
_ID = re.compile(r"[^A-Za-z0-9_-]+")
_US = 1_000_000


@dataclass(frozen=True)
class Table:
    """One table: its id, what the header says of it, and its rows under their columns."""

    id: str
    header: Mapping[str, Any]
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]
    misc: bool = False


@dataclass
class Database:
    """What of the release goes where; filled scheme by scheme. `onsets_s`: of those items that are within a file."""

    source: Source
    wide: bool
    files: Mapping[str, str]
    onsets_s: Mapping[str, float]
    schemes: dict[str, dict[str, Any]] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)

    @cached_property
    def split_of(self) -> dict[str, str]:
        return {row["item_id"]: row["split"] for row in self.source.items}

    @cached_property
    def durations_s(self) -> dict[str, float | None]:
        return {row["item_id"]: row["duration_s"] for row in self.source.items}


def id_of(name: str) -> str:
    """Return a name as ids of schemes and tables may be."""
    return _ID.sub("_", name)


def time_text(time_s: float) -> str:
    """Return a time as pandas writes a time span.

    >>> time_text(61.5)
    '0 days 00:01:01.500000'
    """
    seconds, fraction = divmod(round(time_s * _US), _US)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    return f"{days} days {hour:02d}:{minute:02d}:{second:02d}.{fraction:06d}"


def header(database: Database) -> str:
    """Return db.yaml."""
    source = database.source
    manifest = source.manifest
    machines = source.simulated_raters
    told: dict[str, Any] = {
        "name": manifest.name,
        "source": f"{manifest.ref} {manifest.digest}",
        "usage": "other",
        "license": manifest.licence or "other",
    }
    if database.wide:
        told["raters"] = {
            rater: {"type": "machine" if rater in machines else "human"} for rater in source.raters
        }
    told["schemes"] = dict(sorted(database.schemes.items()))
    told["splits"] = {split: {"type": _SPLIT_TYPES.get(split, "other")} for split in source.splits}
    for key, misc in (("tables", False), ("misc_tables", True)):
        found = {table.id: table.header for table in database.tables if table.misc is misc}
        if found:
            told[key] = found
    return "".join(_yaml(key, value) for key, value in told.items())


def _yaml(key: str, value: Any) -> str:
    """Write an entry as YAML: members of a mapping on a line each, in the flow style that JSON is."""
    if not isinstance(value, dict):
        return f"{key}: {json.dumps(value, ensure_ascii=False)}\n"
    members = (
        f"  {json.dumps(name)}: {json.dumps(member, ensure_ascii=False)}\n" for name, member in value.items()
    )
    return f"{key}:\n{''.join(members)}"
