"""``If-Match``: a change of what somebody has seen, and of nothing else (RFC 9110, 13.1.1)."""

from django.utils.http import parse_etags
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request


class ChangedMeanwhile(APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "changed_meanwhile"
    default_detail = (
        "Somebody has changed this meanwhile. Read it again, and make your changes to what it is now."
    )


def refuse_if_changed(request: Request, present: str) -> None:
    """Raise where the request asks for another state than the ``present`` tag; without the header, any will do."""
    header = request.headers.get("If-Match")
    wanted = ["*"] if header is None else parse_etags(header)
    if "*" not in wanted and present not in wanted:
        raise ChangedMeanwhile
