"""The root of every refusal that a person is meant to read.

The server maps the five kinds to HTTP answers, the command line to exit codes.
"""

from collections.abc import Mapping
from typing import Any


class AffectoryError(Exception):
    """A refusal with a stable ``code``, a message a person can act on, and ``details`` for machines."""

    code = "error"

    def __init__(
        self, message: str, *, code: str | None = None, details: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.details = dict(details or {})

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "details": self.details}


class Invalid(AffectoryError):
    """What was given cannot be used as it is."""

    code = "invalid"


class NotFound(AffectoryError):
    """No such thing, or not for this person."""

    code = "not_found"


class Conflict(AffectoryError):
    """Right in itself, but not in the present state."""

    code = "conflict"


class Gone(AffectoryError):
    """It was there and has been taken away for good."""

    code = "gone"


class Unavailable(AffectoryError):
    """Something outside of us does not answer, or refuses; the very same may succeed later."""

    code = "unavailable"
