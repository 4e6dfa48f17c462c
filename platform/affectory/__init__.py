"""Affective-computing ratings: agreement, gold standards, mappings, splits, releases and their client."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from affectory.client.dataset import Dataset
    from affectory.client.loading import load
    from affectory.client.traces import Trace, Traces

__version__ = "0.1.0"
_HOMES = {
    "Dataset": "affectory.client.dataset",
    "Trace": "affectory.client.traces",
    "Traces": "affectory.client.traces",
    "load": "affectory.client.loading",
}
__all__ = ["Dataset", "Trace", "Traces", "__version__", "load"]


def __getattr__(name: str) -> Any:
    """Import the client when it is first used: `import affectory` and the command line stay quick."""
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'affectory' has no attribute {name!r}")
