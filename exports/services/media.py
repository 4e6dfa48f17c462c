"""Which files of its items a release holds: what raters saw or heard (`proxy`), and the originals (`full`)."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from affectory.errors import Invalid
from affectory.release.writer import ReleaseWriter
from exports.services.source import Source
from ingest.facade import Item, Part, original_of, proxy_of

NONE, PROXY, FULL = "none", "proxy", "full"
# SPDX's words for "nobody has said" and "there is none".
NO_LICENCE = frozenset({"", "NOASSERTION", "NONE"})


@dataclass(frozen=True)
class Medium:
    """One file of an item; ``role`` is the beginning of its columns in ``items``."""

    item: UUID
    role: Literal["media", "original"]
    sha256: str
    suffix: str
    size_bytes: int


def holds_originals(source: Source) -> bool:
    return bool(source.dataset.recipe["media"] == FULL)


def holds_part_media(source: Source) -> bool:
    """Whether items of several parts name the files of these, which mostly are no items of the release."""
    return bool(source.parts) and source.dataset.recipe["media"] != NONE


def refer_media(source: Source, writer: ReleaseWriter) -> dict[str, dict[str, str]]:
    """Name the files that the recipe asks for in the release; item key -> their columns.

    They came out of the store and are handed on from there, so none of their bytes is moved.
    """
    columns: dict[UUID, dict[str, str]] = defaultdict(dict)
    for medium in _media_of(source):
        file = writer.refer_media(medium.sha256, suffix=medium.suffix, size_bytes=medium.size_bytes)
        columns[medium.item] |= {f"{medium.role}_path": file.path, f"{medium.role}_sha256": file.sha256}
    return {
        item.key: columns.get(item.pk, {}) | _of_parts(source.parts.get(item.pk, ()), columns)
        for item in (source.items if columns or source.parts else ())
        if item.pk in columns or item.pk in source.parts
    }


def _of_parts(parts: Sequence[Part], columns: Mapping[UUID, Mapping[str, str]]) -> dict[str, str]:
    named = {
        f"part_{role}_paths": {
            part.name: path for part in parts if (path := columns.get(part.item, {}).get(f"{role}_path"))
        }
        for role in ("media", "original")
    }
    return {column: json.dumps(paths, ensure_ascii=False) for column, paths in named.items() if paths}


def _media_of(source: Source) -> Iterator[Medium]:
    """The files that the recipe asks for; raises where nobody has said that originals may be handed on."""
    if source.dataset.recipe["media"] == NONE:
        return
    originals = holds_originals(source)
    if originals:
        _check_licences(source)
    items = _shown(source).filter(asset__isnull=False).select_related("asset")
    for item in items.prefetch_related("asset__renditions").iterator(chunk_size=500):
        assert item.asset is not None  # noqa: S101  # filtered
        proxy = proxy_of(item.asset)
        if proxy is not None:
            sizes = {one.sha256: one.size for one in item.asset.renditions.all()}
            yield Medium(item.pk, "media", proxy.sha256, proxy.suffix, sizes[proxy.sha256])
        if originals:
            original = original_of(item.asset)
            yield Medium(item.pk, "original", original.sha256, original.suffix, item.asset.size)


def _shown(source: Source) -> QuerySet[Item]:
    """The items of the release, and those that they show as their parts."""
    own = {item.pk for item in source.items}
    parts = {part.item for group, some in source.parts.items() if group in own for part in some} - own
    if not parts:
        return source.query()
    return Item.objects.filter(pk__in=RawSQL("SELECT unnest(%s::uuid[])", [[*own, *parts]]))


def _check_licences(source: Source) -> None:
    unlicensed = [corpus.name for corpus in source.items.corpora if corpus.licence in NO_LICENCE]
    if unlicensed:
        raise Invalid(
            f"media: the originals of corpus {unlicensed[0]!r} cannot be handed on, as it states no licence; write "
            "licence in its corpus.toml, or choose proxy.",
            code="media_without_licence",
            details={"corpora": unlicensed},
        )
