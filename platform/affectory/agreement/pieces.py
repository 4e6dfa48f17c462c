"""Long rows of units in pieces that stay in the processor's cache."""

from collections.abc import Iterator

CHUNK_UNITS = 1 << 14


def chunks(n_units: int) -> Iterator[slice]:
    """Give pieces that stay in the cache."""
    return (slice(start, start + CHUNK_UNITS) for start in range(0, n_units, CHUNK_UNITS))
