"""Libraries that only some people need: imported when they are first used, and asked for by name."""

import importlib
from typing import Any

#: import name -> the extra of this package that brings it
EXTRAS = {
    "av": "video",
    "cryptography": "signing",
    "datasets": "datasets",
    "polars": "polars",
    "pygamma_agreement": "gamma",
    "torch": "torch",
}


class MissingExtra(ImportError):
    """An optional library is not installed; `hint` is the command that brings it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message}; {hint}")
        self.message = message
        self.hint = hint


def optional(name: str) -> Any:
    """Import an optional library, or say how to get it."""
    library = name.partition(".")[0]
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != library:
            raise
        wanted = f"'affectory[{EXTRAS[library]}]'" if library in EXTRAS else library
        message = f"this needs {library}, which is not installed"
        raise MissingExtra(message, f"pip install {wanted}") from error
