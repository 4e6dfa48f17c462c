"""What every upload in numbered, hashed chunks shares: traces, and what raters make."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet

from affectory.errors import Conflict, Invalid


@dataclass(frozen=True)
class Stored:
    """What of an upload is stored: chunks 0..high_water are all there; ``missing`` are holes below the highest."""

    high_water: int
    missing: list[int]


def check_body(body: bytes, sha256: str, *, most_bytes: int) -> None:
    """Refuse a chunk that is too large, or was damaged on its way."""
    if len(body) > most_bytes:
        raise Invalid(f"A chunk has at most {most_bytes} bytes.", code="chunk_too_large")
    if hashlib.sha256(body).hexdigest() != sha256:
        raise Invalid("The chunk's bytes do not match its sha256.", code="chunk_damaged")


def conflict(seq: int) -> Conflict:
    return Conflict(f"Chunk {seq} is stored with other bytes.", code="chunk_conflict")


def stored_of(rows: QuerySet[Any]) -> Stored:
    """Of the chunks that count."""
    told = rows.aggregate(count=Count("*"), top=Max("seq"))
    top = -1 if told["top"] is None else told["top"]
    if told["count"] == top + 1:
        return Stored(high_water=top, missing=[])
    seqs = set(rows.values_list("seq", flat=True))
    missing = [seq for seq in range(top) if seq not in seqs]
    return Stored(high_water=missing[0] - 1 if missing else top, missing=missing)


def check_whole(have: Mapping[int, str], chunks: int, digest: str, what: str) -> None:
    """Refuse to close an upload of which a chunk is missing, or whose chunks (seq -> sha256) are not those sent."""
    missing = [seq for seq in range(chunks) if seq not in have]
    if missing or not chunks:
        raise Conflict(
            f"Some of the {what} has not arrived.", code="chunks_missing", details={"missing": missing}
        )
    if max(have) >= chunks:
        raise Conflict(f"More of the {what} is stored than was announced.", code="chunks_unannounced")
    joined = "".join(have[seq] for seq in range(chunks))
    if hashlib.sha256(joined.encode()).hexdigest() != digest:
        raise Conflict(f"The stored {what} differs from the one that was sent.", code="digest_mismatch")
