"""Affective-computing ratings: agreement, gold standards, mappings, splits, releases and their client."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from affectory.client.dataset import Dataset, Trace, Traces, load

__version__ = "0.1.0"
__all__ = ["Dataset", "Trace", "Traces", "__version__", "load"]


def __getattr__(name: str) -> Any:
    """Import the client when it is first used: `import affectory` and the command line stay quick."""
    if name in __all__:
        from affectory.client import dataset  # noqa: PLC0415

        return getattr(dataset, name)
    raise AttributeError(f"module 'affectory' has no attribute {name!r}")
