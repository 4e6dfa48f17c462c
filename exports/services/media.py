"""Which files of its items a release holds: what raters saw or heard (`proxy`), and the originals (`full`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from affectory.errors import Invalid
from affectory.release.writer import ReleaseWriter
from exports.services.source import Source
from ingest.facade import original_of, proxy_of

NONE, PROXY, FULL = "none", "proxy", "full"
# SPDX's words for "nobody has said" and "there is none".
NO_LICENCE = frozenset({"", "NOASSERTION", "NONE"})


@dataclass(frozen=True)
class Medium:
    """One file of an item; ``role`` is the beginning of its columns in ``items``."""

    item: str
    role: Literal["media", "original"]
    sha256: str
    suffix: str
    size_bytes: int


def holds_originals(source: Source) -> bool:
    return bool(source.dataset.recipe["media"] == FULL)


def refer_media(source: Source, writer: ReleaseWriter) -> dict[str, dict[str, str]]:
    """Name the files that the recipe asks for in the release; item key -> their columns.

    They came out of the store and are handed on from there, so none of their bytes is moved.
    """
    columns: dict[str, dict[str, str]] = {}
    for medium in _media_of(source):
        file = writer.refer_media(medium.sha256, suffix=medium.suffix, size_bytes=medium.size_bytes)
        own = {f"{medium.role}_path": file.path, f"{medium.role}_sha256": file.sha256}
        columns.setdefault(medium.item, {}).update(own)
    return columns


def _media_of(source: Source) -> Iterator[Medium]:
    """The files that the recipe asks for; raises where nobody has said that originals may be handed on."""
    if source.dataset.recipe["media"] == NONE:
        return
    originals = holds_originals(source)
    if originals:
        _check_licences(source)
    items = source.query().filter(asset__isnull=False).select_related("asset")
    for item in items.prefetch_related("asset__renditions").iterator(chunk_size=500):
        assert item.asset is not None  # noqa: S101  # filtered
        proxy = proxy_of(item.asset)
        if proxy is not None:
            sizes = {one.sha256: one.size for one in item.asset.renditions.all()}
            yield Medium(item.key, "media", proxy.sha256, proxy.suffix, sizes[proxy.sha256])
        if originals:
            original = original_of(item.asset)
            yield Medium(item.key, "original", original.sha256, original.suffix, item.asset.size)


def _check_licences(source: Source) -> None:
    unlicensed = sorted({item.corpus.name for item in source.items if item.corpus.licence in NO_LICENCE})
    if unlicensed:
        raise Invalid(
            f"media: the originals of corpus {unlicensed[0]!r} cannot be handed on, as it states no licence; write "
            "licence in its corpus.toml, or choose proxy.",
            code="media_without_licence",
            details={"corpora": unlicensed},
        )
