"""Fingerprints of assets: kept, taken later where an asset was there before they were, and told to others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from affectory.errors import NotFound
from ingest import sandbox
from ingest.models import Asset, Fingerprint, Item
from ingest.readers import contract, registry
from ingest.readers.contract import MediaError
from jobs.facade import Running, request_job
from storage.facade import as_file

KIND = "ingest.fingerprints"


@dataclass(frozen=True)
class AssetPrint:
    """One fingerprint of an asset; ``bits`` is None where there is nothing to compare, and ``reason`` says why."""

    asset: int
    kind: str
    bits: bytes | None
    reason: str


def keep_fingerprints(asset: Asset, taken: Iterable[contract.Fingerprint]) -> None:
    for one in taken:
        Fingerprint.objects.update_or_create(
            asset=asset,
            kind=one.kind,
            defaults={"version": one.version, "bits": one.bits, "reason": one.reason},
        )


def fingerprints_of(items: QuerySet[Item]) -> Iterator[AssetPrint]:
    """Those of the assets of some items, in an order that does not change."""
    rows = Fingerprint.objects.filter(_is_current(), asset__in=items.values("asset"))
    for asset, kind, bits, reason in (
        rows.order_by("asset__sha256", "asset", "kind")
        .values_list("asset", "kind", "bits", "reason")
        .iterator(chunk_size=2000)
    ):
        yield AssetPrint(asset, kind, None if bits is None else bytes(bits), reason)


def kinds_with_fingerprints() -> list[str]:
    """Kinds of assets of which fingerprints are taken."""
    return [kind for kind, reader in registry.readers().items() if reader.fingerprints]


def request_fingerprints(items: QuerySet[Item], *, organisation_id: int, requested_by: str) -> int:
    """Queue the taking of those that are missing; returns of how many assets."""
    lacking = Asset.objects.filter(pk__in=items.values("asset"), kind__in=kinds_with_fingerprints())
    whole = Fingerprint.objects.filter(_is_current(), _is_first())
    found = lacking.exclude(pk__in=whole.values("asset")).order_by("pk")
    versions = "-".join(f"{kind}{version}" for kind, version in sorted(_versions().items()))
    for pk in found.values_list("pk", flat=True):
        request_job(
            kind=KIND,
            key=f"{KIND}:{pk}:{versions}",
            scope=f"asset:{pk}",
            organisation_id=organisation_id,
            requested_by=requested_by,
            payload={"asset": pk},
            retry_failed=True,
        )
    return found.count()


def take_missing(asset: Asset, running: Running) -> dict[str, Any]:
    """Take the fingerprints of an asset that has none; where its file cannot be read, the reason is kept instead."""
    try:
        with as_file(asset.sha256) as path:
            _, taken = sandbox.read(path, asset.path)
    except (MediaError, NotFound) as error:
        taken = [
            contract.Fingerprint(kind=one.kind, version=one.version, bits=None, reason=str(error))
            for one in registry.readers()[asset.kind].fingerprints
        ]
    with running.commit():
        # Somebody was erased meanwhile: nothing may tell of her file any more.
        if Asset.objects.select_for_update(no_key=True).filter(pk=asset.pk).exists():
            keep_fingerprints(asset, taken)
    return {"fingerprints": [one.kind for one in taken if one.bits]}


def _is_current() -> Q:
    """Those that are taken otherwise by now say nothing about newer ones."""
    current = Q()
    for kind, version in _versions().items():
        current |= Q(kind=kind, version=version)
    return current


def _is_first() -> Q:
    """The fingerprint that every asset of its kind has."""
    first = Q()
    for kind in kinds_with_fingerprints():
        first |= Q(asset__kind=kind, kind=registry.readers()[kind].fingerprints[0].kind)
    return first


def _versions() -> dict[str, int]:
    return {one.kind: one.version for reader in registry.readers().values() for one in reader.fingerprints}
