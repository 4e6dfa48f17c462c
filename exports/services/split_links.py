"""Which items belong together whatever their keys say: groups with their parts, and those that show the same."""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Any

from exports.models import Dataset
from exports.services.same_files import Link, same_bytes, same_media
from exports.services.same_texts import same_texts
from exports.services.source import Source
from ingest.facade import Collection, items_of, kinds_with_fingerprints, request_fingerprints

NOT_YET = "its fingerprint is still to be taken"


@dataclass(frozen=True)
class NearDuplicates:
    """Pairs of items that show the same.

    ``not_compared``: how many pictures, films and sounds could be compared by their bytes only, by the reason.
    """

    links: Sequence[Link] = ()
    not_compared: Mapping[str, int] = field(default_factory=dict)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(link.item, link.other) for link in self.links]

    def report(self) -> dict[str, Any]:
        """How many items hang together by which kind of link, with one pair for an example."""
        example = next(
            (link for link in self.links if link.kind not in {"bytes", "words"}), next(iter(self.links), None)
        )
        told = {
            "items": len({key for pair in self.pairs for key in pair}),
            "links": dict(sorted(Counter(link.kind for link in self.links).items())),
            "example": example and {"item": example.item, "other": example.other, "why": example.why},
            "not_compared": [
                {"reason": reason, "items": count} for reason, count in sorted(self.not_compared.items())
            ],
        }
        return {"near_duplicate_links": len(self.links), "near_duplicates": told}

    def parted(self, roles: Mapping[Hashable, str | None]) -> list[str]:
        """Those that stand in two roles, with what makes them near-duplicates."""
        return [
            f"id={link.item} in {role} and id={link.other} in {other} show the same: {link.why}"
            for link in self.links
            if (role := roles[link.item]) and (other := roles[link.other]) and role != other
        ]

    def placed_twins(self, roles: Mapping[Hashable, str | None]) -> dict[str, list[str]]:
        """Of each item ("id=...") without a role, its near-duplicates that have one."""
        twins: dict[str, list[str]] = {}
        for link in self.links:
            for one, other in ((link.item, link.other), (link.other, link.item)):
                if roles[one] is None and (role := roles[other]):
                    twins.setdefault(f"id={one}", []).append(f"id={other} in {role} ({link.why})")
        return {item: sorted(others) for item, others in twins.items()}


def looks_for_copies(recipe: Mapping[str, Any]) -> bool:
    """Whether any scheme asks which items show the same."""
    return any(one["kind"] == "temporal" or one.get("near_duplicates") for one in recipe["splits"])


def ask_for_fingerprints(dataset: Dataset, *, requested_by: str) -> None:
    """Queue those of items that were taken in before fingerprints were; a split that comes first counts them."""
    named = {"organisation": dataset.organisation_id, "name": dataset.recipe["collection"]}
    collection = Collection.objects.filter(**named).first()
    if collection and looks_for_copies(dataset.recipe):
        request_fingerprints(
            items_of(collection), organisation_id=dataset.organisation_id, requested_by=requested_by
        )


def near_duplicates(source: Source) -> NearDuplicates:
    """Items that show the same: the same bytes or words, or what fingerprints and phrases find."""
    found, silent = same_media(source)
    links = [*same_bytes(source), *same_texts(source), *found]
    return NearDuplicates(links, _not_compared(source, silent))


def _not_compared(source: Source, silent: Mapping[int, str | None]) -> dict[str, int]:
    """``silent``: of assets with fingerprints, why none of them has anything to compare; None where one has."""
    told = source.query().filter(asset__kind__in=kinds_with_fingerprints()).values_list("asset", flat=True)
    reasons = (silent.get(asset, NOT_YET) for asset in told.iterator(chunk_size=5000))
    return dict(Counter(reason for reason in reasons if reason is not None))


def part_links(source: Source) -> Iterator[tuple[str, str]]:
    """A group stands with its parts, and so with every other group that shows one of them."""
    if not source.parts:
        return iter(())
    own = set(source.items.keys)
    shown_in: dict[str, list[str]] = {}
    for item in source.items:
        for part in source.parts.get(item.pk, ()):
            shown_in.setdefault(part.key, [part.key] if part.key in own else []).append(item.key)
    return chain.from_iterable(map(pairwise, shown_in.values()))
