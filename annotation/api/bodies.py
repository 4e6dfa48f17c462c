"""Reading what was sent."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request


def body_of(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The request's checked body; what is wrong with it is raised field by field."""
    given = kind(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
