"""Which files of its items a release holds: what raters saw or heard (`proxy`), and the originals (`full`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from affectory.errors import Invalid
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

    @property
    def path(self) -> str:
        return f"media/{self.sha256[:2]}/{self.sha256}{self.suffix}"

    @property
    def columns(self) -> dict[str, str]:
        return {f"{self.role}_path": self.path, f"{self.role}_sha256": self.sha256}


def holds_originals(source: Source) -> bool:
    return bool(source.dataset.recipe["media"] == FULL)


def media_of(source: Source) -> Iterator[Medium]:
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
            yield Medium(item.key, "media", proxy.sha256, proxy.suffix)
        if originals:
            original = original_of(item.asset)
            yield Medium(item.key, "original", original.sha256, original.suffix)


def _check_licences(source: Source) -> None:
    unlicensed = sorted({item.corpus.name for item in source.items if item.corpus.licence in NO_LICENCE})
    if unlicensed:
        raise Invalid(
            f"media: the originals of corpus {unlicensed[0]!r} cannot be handed on, as it states no licence; write "
            "licence in its corpus.toml, or choose proxy.",
            code="media_without_licence",
            details={"corpora": unlicensed},
        )
