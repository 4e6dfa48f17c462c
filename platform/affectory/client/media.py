"""Which media files of a release are of which items, and of the parts that items show together."""

import json
from collections.abc import Iterator
from typing import Literal

import pyarrow as pa

Role = Literal["media", "original"]
#: An item, and the name of its part; "" for the item itself.
Place = tuple[str, str]


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
