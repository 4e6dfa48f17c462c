"""``ETag`` and ``If-Match``: a change of what somebody has seen, and of nothing else (RFC 9110, 13.1.1)."""

import hashlib
from typing import Any

from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="ETag of the answer that is changed; left out: any"
)


class ChangedMeanwhile(APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "changed_meanwhile"
    default_detail = (
        "Somebody has changed this meanwhile. Read it again, and make your changes to what it is now."
    )


def entity_tag(content: bytes) -> str:
    """The strong ``ETag`` of these bytes: their SHA-256, as that of a stored object."""
    return f'"{hashlib.sha256(content).hexdigest()}"'


def refuse_if_changed(request: Request, present: str) -> None:
    """Raise where the request asks for another state than the ``present`` tag; without the header, any will do."""
    header = request.headers.get("If-Match")
    wanted = ["*"] if header is None else parse_etags(header)
    if "*" not in wanted and present not in wanted:
        raise ChangedMeanwhile


def tagged(told: Any, status_code: int = status.HTTP_200_OK) -> Response:
    """An answer with the ``ETag`` that reading the same thing gives."""
    tag = entity_tag(JSONRenderer().render(told))
    return Response(told, status=status_code, headers={"ETag": tag})
