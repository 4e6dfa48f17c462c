"""What split schemes have settled: where a group was placed once it stays.

A draft keeps what it would settle; that becomes the dataset's when the release is published.
"""

import json
import zlib
from collections.abc import Mapping

from django.db import connection

from exports.models import Dataset, Draft, DraftPlaces, Release, SplitAssignment


def settled(dataset: Dataset, scheme: str) -> dict[str, str]:
    """Group -> role of a scheme, from all releases so far."""
    return dict(dataset.ledger.filter(scheme=scheme).values_list("group", "role"))


def packed(ledger: Mapping[str, str], known: Mapping[str, str]) -> bytes:
    """The groups of a ledger that are not known, in a tenth of the space: there may be as many as items."""
    groups: dict[str, list[str]] = {}
    for group, role in ledger.items():
        if group not in known:
            groups.setdefault(role, []).append(group)
    return zlib.compress(json.dumps(groups).encode(), level=1)


def keep_places(draft: Draft, places: Mapping[str, bytes]) -> None:
    """Keep with a draft what each scheme would settle, by its name."""
    DraftPlaces.objects.bulk_create(
        DraftPlaces(draft=draft, scheme=scheme, places=one) for scheme, one in places.items()
    )


def settle(release: Release) -> None:
    """Make what the draft of a release would settle the dataset's."""
    kept = list(DraftPlaces.objects.filter(draft=release.pk).values_list("scheme", "places"))
    table = connection.ops.quote_name(SplitAssignment._meta.db_table)  # noqa: SLF001  # its public name
    columns = 'dataset_id, assigned_in, scheme, "group", role'
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for scheme, places in kept:
            for role, groups in json.loads(zlib.decompress(places)).items():
                for group in groups:
                    copy.write_row((release.dataset_id, release.version, scheme, group, role))
