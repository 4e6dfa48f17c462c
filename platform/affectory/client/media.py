"""Which media files of a release are of which items, and of the parts that items show together."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pyarrow as pa

from affectory.client.errors import NotFoundError
from affectory.release.manifest import FileRecord, Manifest

#: The column of items that says where in its media file an item begins, where some are stretches.
ONSET = "media_onset_s"
Role = Literal["media", "original"]
#: An item, and the name of its part; "" for the item itself.
Place = tuple[str, str]


@dataclass(frozen=True)
class MediaFiles:
    """The media files of a release. `read_items` gives the chosen items with the columns that it is asked for."""

    manifest: Manifest
    read_items: Callable[[list[str]], pa.Table]

    def files(self, *, original: bool) -> dict[Place, FileRecord]:
        """Return what raters saw or heard, else the original; with `original` the other way round."""
        if original and self.manifest.media_policy != "full":
            raise NotFoundError(
                f"{self.manifest.ref} holds media {self.manifest.media_policy!r}, no originals"
            )
        seen, taken_in = self._paths["media"], self._paths["original"]
        chosen = seen | taken_in if original else taken_in | seen
        return {place: self._by_path[path] for place, path in chosen.items() if path in self._by_path}

    @cached_property
    def _by_path(self) -> Mapping[str, FileRecord]:
        return {file.path: file for file in self.manifest.media}

    @cached_property
    def _paths(self) -> Mapping[Role, dict[Place, str]]:
        items = self.read_items(columns_of_media(set(self.manifest.table("items").kinds)))
        roles: tuple[Role, ...] = ("media", "original")
        return {role: dict(paths_of(items, role)) for role in roles}


def paths_of(items: pa.Table, role: Role) -> Iterator[tuple[Place, str]]:
    """Give the paths inside the release that rows of the items table name."""
    for item_id, path in _told(items, f"{role}_path"):
        yield (item_id, ""), path
    for item_id, parts in _told(items, f"part_{role}_paths"):
        for name, path in json.loads(parts).items():
            yield (item_id, name), path


def columns_of_media(names: set[str]) -> list[str]:
    """Of the columns of an items table, those that `paths_of` reads."""
    wanted = ("item_id", "media_path", "original_path", "part_media_paths", "part_original_paths")
    return [name for name in wanted if name in names]


def _told(items: pa.Table, column: str) -> Iterator[tuple[str, str]]:
    if column not in items.column_names:
        return
    pairs = zip(items.column("item_id").to_pylist(), items.column(column).to_pylist(), strict=True)
    yield from ((item_id, value) for item_id, value in pairs if value is not None)
