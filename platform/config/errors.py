"""Every refusal leaves the API as ``{code, message, details}``; services know no HTTP status."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

from affectory.errors import AffectoryError, Conflict, Gone, Invalid, NotFound, Unavailable

STATUS = {
    NotFound: status.HTTP_404_NOT_FOUND,
    Conflict: status.HTTP_409_CONFLICT,
    Gone: status.HTTP_410_GONE,
    Invalid: status.HTTP_400_BAD_REQUEST,
    Unavailable: status.HTTP_503_SERVICE_UNAVAILABLE,
}


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = f"A request has at most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes."


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Shape errors of the services and of DRF alike; leave programming errors to Django."""
    if isinstance(error, AffectoryError):
        return Response(error.as_dict(), status=_status_of(error))
    if isinstance(error, RequestDataTooBig):
        error = TooLarge()
    elif isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = drf_exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    if isinstance(error, exceptions.ValidationError):
        response.data = {
            "code": "invalid",
            "message": "Some fields are not right: " + ", ".join(_field_names(error.detail)) + ".",
            "details": error.detail if isinstance(error.detail, dict) else {"request": error.detail},
        }
    else:
        detail = error.detail
        response.data = {
            "code": getattr(detail, "code", error.default_code),
            "message": str(detail),
            "details": {},
        }
    return response


def _page_or_json(request: HttpRequest, status_code: int, code: str, message: str) -> HttpResponse:
    """What no API view answered: an unknown address, a request that Django refused, a fault of ours."""
    if request.path.startswith("/api/"):
        return JsonResponse({"code": code, "message": message, "details": {}}, status=status_code)
    return HttpResponse(f"{message}\n", status=status_code, content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _page_or_json(request, 400, "bad_request", "The request cannot be read.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _page_or_json(request, 403, "permission_denied", "This is not allowed.")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _page_or_json(request, 404, "not_found", "There is nothing at this address.")


def server_error(request: HttpRequest) -> HttpResponse:
    return _page_or_json(
        request, 500, "internal_error", "Something went wrong on the server; it has been logged."
    )


def _status_of(error: AffectoryError) -> int:
    for kind, code in STATUS.items():
        if isinstance(error, kind):
            return code
    return status.HTTP_400_BAD_REQUEST


def _field_names(detail: Any) -> list[str]:
    return [str(name) for name in detail] if isinstance(detail, dict) else ["request"]
