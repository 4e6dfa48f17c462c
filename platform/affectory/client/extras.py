"""Libraries that only some people need."""

import importlib
from typing import Any

from affectory.client.errors import UsageError


def extra(name: str) -> Any:
    """Import an optional library, or say how to get it."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise UsageError(f"this needs {name}, which is not installed", f"pip install {name}") from error
