"""Who is asking, on behalf of which organisation."""

from typing import cast

from rest_framework.request import Request

from accounts.models import User


def researcher(request: Request) -> User:
    """The signed-in researcher; DRF's default permission has made sure that there is one."""
    return cast("User", request.user)
