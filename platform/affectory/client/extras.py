"""Libraries that only some people need, asked for the client's way."""

from typing import Any

from affectory.client.errors import UsageError
from affectory.extras import MissingExtra, optional


def extra(name: str) -> Any:
    """Import an optional library, or say how to get it."""
    try:
        return optional(name)
    except MissingExtra as error:
        raise UsageError(error.message, error.hint) from error
