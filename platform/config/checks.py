"""What a production start refuses."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def production_is_safe(**_kwargs: Any) -> list[CheckMessage]:
    """No default secret key, no DEBUG, no unknown mode."""
    if settings.ENVIRONMENT not in {"development", "production"}:
        hint = "Set AFFECTORY_ENV to development or production."
        return [Error(f"AFFECTORY_ENV is {settings.ENVIRONMENT!r}.", hint=hint, id="affectory.E001")]
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = []
    if settings.SECRET_KEY == settings.INSECURE_SECRET_KEY or len(settings.SECRET_KEY) < 32:
        hint = "Set AFFECTORY_SECRET_KEY to a random text of 50 or more characters."
        found.append(Error("The secret key is the default or too short.", hint=hint, id="affectory.E002"))
    if settings.DEBUG:
        found.append(Error("DEBUG is on in production.", hint="Unset AFFECTORY_DEBUG.", id="affectory.E003"))
    return found
