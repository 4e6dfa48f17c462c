"""What split schemes have settled: where a group was placed once it stays.

A draft keeps what it would settle; that becomes the dataset's when the release is published.
"""

import json
import zlib
from collections.abc import Iterable, Mapping
from itertools import islice

from django.db import connection

from exports.models import Dataset, Draft, DraftPlaces, Release, SplitAssignment

GROUPS_AT_ONCE = 10_000


def settled(dataset: Dataset, scheme: str) -> dict[str, str]:
    """Group -> role of a scheme, from all releases so far."""
    return dict(dataset.ledger.filter(scheme=scheme).values_list("group", "role"))


def packed(places: Iterable[tuple[str, str]]) -> bytes:
    """Groups with their roles in a tenth of the space: there may be as many as items."""
    waiting, told = iter(places), dict[str, list[bytes]]()
    while together := list(islice(waiting, GROUPS_AT_ONCE)):
        for role in sorted({role for _, role in together}):
            own = json.dumps([group for group, in_role in together if in_role == role])
            told.setdefault(role, []).append(own[1:-1].encode())
    roles = (f"{json.dumps(role)}: [".encode() + b", ".join(own) + b"]" for role, own in told.items())
    return zlib.compress(b"{" + b", ".join(roles) + b"}", level=1)


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
