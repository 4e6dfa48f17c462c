"""What every request must satisfy before a view sees it: JSON that PostgreSQL can hold, and no NUL in an address.

And what every answer to a researcher says afterwards: a validator, so that what did not change is not sent again.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any, NoReturn

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from rest_framework import parsers
from rest_framework.exceptions import ParseError
from rest_framework.status import HTTP_200_OK

from config.errors import bad_request, page_not_found
from rest.facade import entity_tag

MAX_DEPTH = 50
MAX_NUMBER = 2**63


class JSONParser(parsers.JSONParser):
    """Refuses here, with a reason, what the database would refuse later without one."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,  # noqa: ARG002
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> Any:
        try:
            given = json.loads(stream.read().decode(), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError(f"The request is not JSON: {error}") from error
        for reason in _faults(given):
            raise ParseError(f"The request cannot be stored: {reason}")
        return given


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _faults(given: Any) -> Iterator[str]:
    """Reasons why PostgreSQL would not take a value; walks without recursion, so depth is no danger."""
    waiting = [(given, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            yield f"it is nested more than {MAX_DEPTH} deep."
            return
        if isinstance(value, dict):
            waiting += [(inner, depth + 1) for pair in value.items() for inner in pair]
        elif isinstance(value, list):
            waiting += [(inner, depth + 1) for inner in value]
        elif isinstance(value, str) and not _is_storable(value):
            yield "a text holds a NUL or half a character."
        elif isinstance(value, int | float) and not -MAX_NUMBER < value < MAX_NUMBER:
            yield "a number is too large."


def _is_storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


class RefuseNulMiddleware:
    """No name, code or filter holds a NUL, and PostgreSQL fails on a query that does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path:
            return page_not_found(request, ValueError("NUL"))
        if "%00" in request.META.get("QUERY_STRING", ""):
            return bad_request(request, ValueError("NUL"))
        return self.get_response(request)


class EntityTagMiddleware:
    """A strong ``ETag`` on every answer of the researchers' API, and 304 for a client that has it.

    Files bring the SHA-256 of their bytes; of all else the body is hashed. Raters' answers change with each request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        told = request.method in {"GET", "HEAD"} and response.status_code == HTTP_200_OK
        if not told or not request.path.startswith("/api/") or request.path.startswith("/api/rate/"):
            return response
        if isinstance(response, HttpResponse) and not response.has_header("ETag"):
            response["ETag"] = entity_tag(response.content)
            response.headers.setdefault("Cache-Control", "private, no-cache")
        if not response.has_header("ETag"):
            return response
        conditional: HttpResponseBase | None = get_conditional_response(
            request,
            etag=response["ETag"],
            response=response,  # type: ignore[arg-type]  # a streaming one is passed on as it is
        )
        return conditional or response
